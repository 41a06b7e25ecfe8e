"""From tables to numbers, each with its unit, its denominator and its interval.

===============  =========================================================================
``metrics``      one replication: every number with its numerator and denominator
``tally``        one replication: who ended how, counted
``intervals``    means over replications and their 95 % intervals
``summary``      the summary that the console, the JSON and Python all show
``rounding``     a number as text
``examination``  records in, tables and a summary out
``study``        run a scenario from end to end, or read it back
===============  =========================================================================
"""
