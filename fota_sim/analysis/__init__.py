"""From tables to numbers, and from numbers to answers. A package imports only those above it.

===============  =========================================================================
``numbers``      what a replication's numbers are, what they are over many, and how sure that is
``run``          one scenario from end to end: what stays of a replication, the summary, the study
``lint``         findings of ``validate --fleet``, which have to see the devices
``batch``        variants of a scenario played side by side: what every command of many runs stands on
``compare``      variants against a baseline, with the same fleet and luck
``sweep``        a metric over the axes of a grid
``sensitivity``  which assumptions matter
``canary``       how many devices show a defect, and what an abort rule costs
``tune``         a search for the best values of some knobs
``forecast``     a rollout under way: what its log so far and the simulation say of the rest
``answers``      what a result says, in sentences
===============  =========================================================================
"""
