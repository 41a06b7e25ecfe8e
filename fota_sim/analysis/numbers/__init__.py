"""Numbers with their unit, their denominator and their interval.

================  =========================================================================
``always_valid``  evidence about a failure rate that may be looked at at any time: an e-value, and a confidence sequence
``best``          which of several variants may be the best: all but those that another is shown to beat
``break_even``    from which price on one variant is cheaper than another: where a difference in cost changes its sign
``certainty``     between which values a metric of a scenario surely lies, for decisions about it: wider than the plain
                  interval
``counters``      what the metrics of a replication are counted from: whole numbers that add up over the parts of a
                  fleet
``enough``        how many replications would show a difference as large as the one that was seen
``estimates``     the mean of a metric over replications, with the interval that suits it (docs/statistics.md, Intervals
                  of a run)
``funnel``        where devices go on the way from the fleet to the new firmware: who is lost at which step
``intervals``     means over replications, and how far they can be trusted
``metrics``       the numbers of one replication, each with its numerator and denominator, as ``scenario/metrics.py``
                  lists them
``narrowing``     which of several variants to take where more than one may be best: what one measure leaves open the
                  next decides
``one_upgrade``   what one upgrade takes, to weigh other bytes and joules against
``paired``        the difference between two variants of a scenario, how far it can be trusted, and many of them at once
``quantities``    what metrics are made of: numbers of one replication by name, each counted in one place
``rare_changes``  how far a mean difference may be off through what rarely happens to a device
``rounding``      a number as text, the same on the console, in figures and in reports
``terms``         what a scenario says that numbers of a replication are made with: prices, the horizon, and what
                  batteries are
``thresholds``    did a rollout keep its limits? Pass, fail, or undecided at this precision
``tidy``          rows of plain values as a Parquet table
================  =========================================================================
"""
