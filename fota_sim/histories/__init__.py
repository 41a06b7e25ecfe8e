"""What happened to each device of a real rollout: logs of many platforms as one neutral table.

===============  =========================================================================
``reading``      files and folders in, the table out
``table``        ``Histories``: the table, cut at a time, or some devices of it
``columns``      what its columns are
``ends``         the words for where a history stands
``readers``      one module a platform
``results``      fota-sim's own device tables in the same columns
``view``         what a platform shows of a history
``seen``         a simulated rollout as a platform would log it
``rows``         what a reader finds, before it is checked
``happened``     what happened to devices, line by line
``events``       histories from logs of one event a line
``checks``       times parsed, histories that cannot be left out
``once``         several rows of a device as one history
``far_off``      rows whose times lie years from all others
``vocabulary``   a platform's words, and what the user says of those that are not known
``likely``       what a word that is not known probably means, to be suggested
``times``        columns of times
``opened``       a file: JSON, lines of JSON, or a table
``steps``        times that stand on whole days or minutes
``left_out``     what was not used, and why
===============  =========================================================================
"""
