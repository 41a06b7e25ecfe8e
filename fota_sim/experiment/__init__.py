"""Carrying a scenario out and keeping what came of it.

===============  =========================================================================
``execute``      ``execute``: a scenario in, one record per replication out, in order
``crew``         replications side by side, by threads
``processes``    replications side by side, by processes
``worker``       what runs in such a process
``interrupt``    Ctrl-C where it has to wait
``columns``      names and types of the device table
``arrow``        columns as Arrow arrays
``id_texts``     ids of devices as Arrow arrays
``tables``       records as the tables of a result, in pieces, and tables as pandas frames
``timeseries``   how far the rollout was at each time of a grid
``concurrency``  how many downloads ran at once, exactly
``parquet``      tables as files in row groups, the same bytes for the same rows
``compared``     a file compared instead of written
``manifest``     which versions, machine, seed and command made a result
``folder``       ``ResultFolder``: written aside, renamed when whole
``results``      finding, listing and reading result folders
``transcripts``  the dialogues of single devices as text files
===============  =========================================================================
"""
