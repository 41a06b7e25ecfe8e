"""A rollout that is under way: what the log so far and the simulation say of the rest, and of what may be done now.

===============  =========================================================================
``forecast``     from a question to its answer, ready for JSON
``question``     what is asked
``outlook``      what members that were played on say of the rest, as quantiles over them
``evidence``     what the devices that are over say of the failure rate, whatever is simulated
``members``      simulated rollouts that may be the real one: drawn, brought near, played on
``candidates``   the devices that a log can be of
``states``       where each device stands, as the log says it and as a simulated one does
``unknowns``     what is not known, with its ranges
``rates``        the rate of release where it may change unplanned, before now and after
``agreement``    how well a simulated rollout agrees with what was seen, and where they part
``moving``       members moved to where they agree with what was seen
``placing``      luck with which simulated devices stand where the real ones do
``unlisted``     devices that the plan is not for, among those that the log does not name
``branches``     what the operator may do now
``ahead``        what becomes of a member from now on
``worth``        what stopping, and waiting before deciding, is worth
``folder``       a forecast as a folder, for the report
===============  =========================================================================
"""
