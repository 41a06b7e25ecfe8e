"""A look at a file of devices that nobody has described yet: what is in it, and the block of a scenario that reads it.

Every guess says what it rests on and what overrules it. Nothing here is asked when a scenario is run.

=================  =========================================================================
``battery``        a column that may be the state of batteries: per cent, shares of 1, or volts
``carried``        what the devices of a scenario were said to be and a file does not say
``distributions``  what devices of a file look like: numbers and names of its columns, as the block reads them
``encoding``       which encoding a file's text is in, and by what that shows
``findings``       what a look at a file found out: guesses with what they rest on, what looks wrong, and what was left
                   alone
``headed_units``   the unit that a column's name says, held against the one that its numbers are read in:
                   ``Capacity (Ah)``
``headers``        what columns are called in exports, in several languages
``histogram``      numbers in steps that people count in, for the terminal and the picture
``identity``       the column that names devices: which it is, and what happened to its numbers on the way
``inspection``     a file looked at: its findings, its distributions, and whether the block that was found reads it
``last_contact``   a column of the time when each device was last heard of: how its dates are written, and who is gone
                   by them
``layout``         how the text of a table is laid out: what separates its fields, and which line names its columns
``measure``        a column of numbers: its values, how they are written, and the cells that are none
``names``          columns of names: modules, radios, chemistries, zones, versions, and measures that need no unit
``period``         a column of the time between the reports of each device
``roles``          which column holds what: names first, the column's cells have the last word
``signal``         a column that may be a signal: which unit its numbers are in
``table``          the columns of a file that nobody has described, as texts
``timers``         columns of timers by which devices sleep: T3412 and T3324 of PSM, the cycle of eDRX
``values``         what a single cell may be: a number as people write it, a date, or the name of a column
``writing``        what was found out, as the block of a scenario: guesses as comments above it, or in place of a
                   scenario's fleet
``yes_no``         a column of two kinds of words: on mains or not, gone or not
``no_devices``     rows of a table that are no devices: totals, comments, drawn lines, units, the line of column names
                   again
``json_table``     JSON of a platform as a table of devices: pages, lists and lines of objects, with what is nested in
                   columns
=================  =========================================================================
"""
