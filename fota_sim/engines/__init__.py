"""The engines that play the rules, and the record that they leave.

===============  =========================================================================
``own_rules``    rules of the user's own in force for a run: bound where the shipped ones were, and taken away again
``reference``    the reference engine: SimPy processes that exchange AT lines and URCs, to be read like a story
``choice``       which engine plays a scenario
``compiled``     the compiled engine: the rules in one numba event loop, for fleets of millions
``parameters``   everything that an engine needs beside the fleet, from a scenario and a fleet
``sorted_rows``  more rows than memory should hold, in the order of their keys: sorted runs on disk, merged as they are
                 read
``table``        the device table of a record: what the fleet was, and what became of it
``twins``        two engines, one story: where two records of the same replication differ, exactly
``components``   the plan's components as the engines take them: versions, sizes, checksums, and which devices a defect
                 hits
``kept``         which devices' dialogues a run keeps
``operation``    what happens to the plan itself: the operator's actions, its planned end, and the words for them in its
                 log
``own_rule``     a rule of the user's own, for one that fota-sim ships: which there are, whether it fits, and what it is
                 known by
``phases``       seconds by what they were spent on
``record``       what one replication leaves behind: plain columns, whichever engine made them
``rollout``      from the scenario's rollout to the arrays that its rules work on; both engines build theirs here
``spill``        arrays that are put on disk and read back in part: a file without a name, gone with who made it
``zones``        time zones as tables of offsets over a run, for the rules that need local time
``ends``         from the story's records of what came of each device to the columns of a device table
``setting``      what a run begins with, in numbers, for whichever engine plays it
``work``         how much of a replication's work is done: what progress is told in
``words``        what is said, in the words of the protocol: lines on the serial line, and of the platform's log
``openings``     when maintenance windows are open, as times of the run
``waves``        which wave each device is in, who is released after whom, and when waves open, as arrays
``plan_log``     what happened to the plans of a run, as one log: of several, each line begins with the plan's name
``contacts``     when devices are there, as engines play it: the pattern of each group, and those that devices have for
                 themselves
``hardware``     a delay, a radio and a module model as rows of numbers (:mod:`fota_sim.rules.rows`)
``plans``        a plan as the platform plays it: integer times, minimums as readings are, what the operator does, who
                 confirms
``cores``        the cores of this machine, and whether a replication may use one besides its own
===============  =========================================================================
"""
