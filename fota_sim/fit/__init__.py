"""What a log of a real rollout teaches a scenario, and how surely."""
