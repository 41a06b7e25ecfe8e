"""What benchmark scripts share, and the comparisons of engines.py, each with one function that returns one table."""
