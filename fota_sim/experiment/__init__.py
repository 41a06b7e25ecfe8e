"""Carrying a scenario out and keeping what came of it.

===============  =========================================================================
``execute``      ``execute``: a scenario in, one record per replication out
``columns``      names and types of the device table
``tables``       records as the tables of a result, and tables as pandas frames
``timeseries``   how far the rollout was at each time of a grid
``concurrency``  how many downloads ran at once, exactly
``parquet``      tables as bytes, the same bytes for the same table
``manifest``     which versions, machine, seed and command made a result
``folder``       ``ResultFolder``: written aside, renamed when whole
``results``      finding, listing and reading result folders
``transcripts``  the dialogues of single devices as text files
===============  =========================================================================
"""
