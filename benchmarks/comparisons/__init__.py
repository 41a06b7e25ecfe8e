"""The comparisons of benchmarks/engines.py: each file has one function that returns one table."""
