"""A look at a file of devices that nobody has described yet: what is in it, and the block of a scenario that reads it.

Every guess says what it rests on and what overrules it. Nothing here is asked when a scenario is run.
"""
