"""One scenario, run from end to end or read back.

==================  =========================================================================
``tally``           who ended how, counted
``battery_signal``  devices by the battery and the signal that they had
``group_times``     when the devices of each group were upgraded
``outline``         what stays of a replication, from briefs of its parts
``outlined``        a replication played for its outline
``monitor``         where each device stands at a chosen time
``picking``         which devices of a table are meant
``summary``         the summary that the console, the JSON and Python all show
``examination``     records in, tables and a summary out
``precision``       how many replications are enough
``replications``    how often to play it if nobody says so
``sample``          a part of a large fleet that answers for all of it
``stops``           replications in which a rollout was stopped, and by what
``known``           of a fitted scenario: what of the spread is not knowing its parameters
``study``           a run and what it showed, as it was played or read back
``carrying_out``    a scenario run from end to end: played, measured, and written to its folder
``texts``           dialogues and the plan's logs, as files of a result
``again``           what a result did not keep, from playing its scenario again
``curves``          counts over time as curves, and how far their mean can be trusted at each time
``plan_tables``     the tables of one plan, of those of all
``plan_records``    the record of a run of several plans, plan by plan
``expected_life``   how long a scenario expects its batteries to last, in words for what an update takes of that
==================  =========================================================================
"""
