"""The scenario: a YAML file with units in its values, checked whole before anything runs.

``loader.load_scenario`` reads one; ``model.Scenario`` is what it becomes; ``dump`` writes it back resolved.
No numba, pandas or scipy in here: ``validate`` and ``new`` start fast.

=================  =========================================================================
``foreign``        plans of other systems, read from what those systems export: a module a system (docs/import.md)
``variation``      a checked scenario with some of its values replaced, built-in radios, modules and hosts among them
``lint``           the plan linter: what can be run and is hardly meant
``loader``         from a YAML file to a checked scenario, or to every problem in it at once
``checks``         what no single field can know: names that must exist, lists that must leave somebody, windows that
                   must open
``device_rows``    what the rows of a table say of devices, whatever the table is stored in
``dump``           a resolved scenario as YAML again, and its hash: the same question has the same id
``schema_export``  the scenario's JSON Schema, for editors: what YAML may say, with the manual as descriptions
``sharing``        do devices share anything? Where not, a fleet can be played in parts, to the same numbers
                   (docs/design.md, Parts)
``start``          when a scenario starts on the clocks of its zone: which times there are, and how long after it a
                   moment is
``model``          the whole scenario
``plan``           the upgrade plan, field by field as in the Developer Center
``one_plan``       which plan is meant where somebody looks at one
``release``        when the n-th device is released: the closed form beside what the rules do step by step
                   (docs/rollout.md, Rate)
``fleet``          the fleet and its sources: groups of devices drawn from distributions, and tables of real ones
``rate_changes``   changes of the rate that nobody has planned, which a forecast draws
``rollout``        how a plan is rolled out: waves, rate, concurrency, what stops it, and what is tried again
``strategies``     named strategies: changes of one scenario, of which a run takes one
``thresholds``     limits that a rollout has to keep, as people write them: ``bricked < 0.01%``, ``time_to_95 <= 7d``
``device_list``    which devices a list, a wave or an operator's action is about
``host``           what the host does: the microcontroller that drives the module and decides on offers
``libraries``      built-in radios, modules and hosts
``mix``            a mix of names: one name, or names with their shares
``module``         what a module model is: its currents, its flash, how it boots, and its AT dialect
``network``        what devices share, and the switches of the protocol
``overrides``      ``--set plan.strategy.min_battery=50%``: one value of a scenario replaced from the command line
``presets``        built-in presets of a plan: the defaults of well-known rollout systems, laid under what a scenario
                   says
``product``        product, components and version packages, with the Developer Center's rules
``radio``          what a radio technology is to a download: rates, failures, times, and who is out of reach
``distribution``   a distribution over a quantity: a constant, a named law, an empirical table or a mixture, maybe
                   truncated
``document``       YAML with places: plain data, and for every path in it the file, line and column it came from
``predicate``      conditions over device attributes: ``firmware == "1_0" and rssi < -105dBm``
``tables``         where rows of devices stand, before anybody says what they mean
``types``          pydantic types for values with units: they parse text to base units and write themselves back with
                   units
``meant``          which field is meant by a key or a value that the schema does not have there
``wording``        what pydantic finds, said to somebody who never heard of pydantic: with units, and with what would do
``columns``        the one list of columns: names, order and types of the device table, and what conditions may ask of
                   every device
``judging``        conditions judged: which devices meet one, over columns of numbers, texts and flags
``templates``      scenarios to start from, packaged as YAML files in ``templates/``
``text_file``      text files that users name, read within limits: a file that never ends, or is none, is told and not
                   waited for
``units``          quantities as people write them, ``6h`` or ``-95dBm``, to and from base units
``window``         a daily window of local time, ``01:00-05:00``; it may span midnight
``yaml_nodes``     YAML text as a tree of nodes with places, within limits; what a scenario has no use for is refused
                   where it stands
``metric_list``    the entries of the metrics, a file for what they are of
``metrics``        the metrics: an entry says of each what it is called, measured in, made of, better at, and where it
                   is shown
``inspect``        a look at a file of devices that nobody has described yet: what is in it, and the block of a scenario
                   that reads it
``plain_names``    what fields are called in sentences, tables and figures
``moments``        dates and durations as exports write them: a moment in UTC, a number of seconds
``draft``          a scenario that is being written: its text, what is changed in it, and where it would stand
``held``           a table that a program holds in place of a file
``rewriting``      a draft as a text again: what its author wrote, with comments and order, and its changes where they
                   belong
``values``         values of Python as a scenario writes them
``yaml_text``      plain data as YAML that people read: short lists and mappings on one line
``activation``     times that count from activation: durations, or dates
``maintenance``    maintenance windows: hours, and the days on which they come
``waves``          waves as they are played: an entry may be several groups, each a wave of its own
``zones``          time zones by name: IANA's, or an offset from UTC
``products``       several products in one fleet: what must hold among them, their packages and the sources of devices
``sleep``          sleep as the network knows it: PSM and eDRX by their timers, and which values those can take
``prices``         what things cost: prices for traffic, visits, waiting and battery, and which devices somebody has to
                   go to
``drawn``          a scenario that was fitted to a log, with the values of one draw: which replication plays with which
``learnt``         what a log of a real rollout taught a scenario: values with their uncertainty, as draws of all of
                   them together
``faults``         what goes wrong on purpose on the serial line and in downloads, for a share of the fleet
``written_units``  what is meant by a quantity that is written as people write it elsewhere: ``3 days``, ``250 kbps``,
                   ``1,5d``
``signs``          signs that look like those of a keyboard and are others: dashes for a minus, blanks that do not break
                   a line
``written_dates``  dates as programs and people of several countries write them, in the one form that ``moments`` takes
                   apart
``spelling``       names that stand for the same in another spelling: ids of devices in two files, and versions
``gaps``           where a line of words may be broken: not before a unit, nor within a duration of two
=================  =========================================================================
"""
