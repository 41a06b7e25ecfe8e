"""From tables to numbers, each with its unit, its denominator and its interval.

===============  =========================================================================
``counters``     one record, of a replication or a part: counts that add up
``metrics``      one replication: every number with its numerator and denominator
``tally``        one replication: who ended how, counted
``intervals``    means over replications and their 95 % intervals
``summary``      the summary that the console, the JSON and Python all show
``certainty``    the interval that thresholds and precision are decided on
``thresholds``   did a run keep its limits?
``precision``    how many replications are enough
``variants``     what is compared: scenarios, strategies, results
``paired``       the difference between two variants, and many differences at once
``compare``      variants against a baseline
``sentences``    a difference in words
``rounding``     a number as text
``outline``      what stays of a replication, from briefs of its parts
``outlined``     a replication played for its outline
``examination``  records in, tables and a summary out
``study``        run a scenario from end to end, or read it back
``batch``        variants of a scenario, played side by side: what every command of many runs stands on
``unit``         one replication of one variant, played and named
``unit_store``   finished units on disk
``executors``    who plays units: this thread, threads, processes, Dask
``unit_worker``  the processes among them
``playing``      points played and gathered, and their paired differences
===============  =========================================================================

For ``canary``: ``canary`` (sizes), ``delay`` (when a defect shows), ``abort_rule``, ``sprt``, ``canary_answer`` (the
whole answer), ``canary_scenario`` and ``canary_played`` (the same from a scenario). For ``sensitivity``:
``parameters`` (what is varied, between what), ``assumptions`` (those of a scenario), ``sensitivity``. For ``tune``:
``knobs``, ``constraint``, ``tune_question`` (from texts to a search), ``tune`` (the trials), ``front`` (the answer).
For ``validate --fleet``: ``fleet_lint`` (its findings) and ``first_offer`` (what devices would say, by the rules).
``metric_shapes`` has labels and units without a run, ``tidy`` makes tables of rows.
"""
