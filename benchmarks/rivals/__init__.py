"""The same rollout as others would write it, to compare with."""
