"""Numbers with their unit, their denominator and their interval.

=================  =========================================================================
``counters``       one record, of a replication or a part: counts that add up
``quantities``     one replication: what metrics are made of, by name
``metrics``        one replication: every number with its numerator and denominator
``funnel``         who is lost at which step
``intervals``      means over replications and their 95 % intervals
``estimates``      which of them suits a metric
``paired``         the difference between two variants, and many differences at once
``best``           which of several variants may be the best
``certainty``      the interval that thresholds and precision are decided on
``always_valid``   evidence about a failure rate that may be looked at at any time
``thresholds``     did a run keep its limits?
``rounding``       a number as text
``tidy``           rows of plain values as a table
=================  =========================================================================
"""
