"""Variants of a scenario, played side by side.

===============  =========================================================================
``unit``         one replication of one variant, played and named
``store``        finished units on disk
``worker``       fresh processes that play units
``executors``    who plays units: this thread, threads, processes, Dask
``points``       variants played, answers in the order of the plan
``sampling``     points of a large fleet on a part of it
``gathering``    points played and gathered, and their paired differences
``knowing``      of a fitted scenario: what of the spread of points is not knowing its parameters
``folder``       what a search or a study of assumptions left on disk
===============  =========================================================================
"""
