"""Carrying a scenario out and keeping what came of it.

===============  =========================================================================
``execute``      ``execute``: a scenario in, one record per replication out, in order
``turns``        what is played at a time: replications, or parts of them where devices share nothing
``dealing``      in how many parts each replication is played
``crew``         turns side by side, by threads
``processes``    turns side by side, by processes
``cluster``      turns side by side, on a Dask cluster
``worker``       what runs in such a process
``arrow``        columns as Arrow arrays
``id_texts``     ids of devices as Arrow arrays
``tables``       records as the tables of a result, in pieces, and tables as pandas frames
``timeseries``   how far the rollout was at each time of a grid
``concurrency``  how many downloads ran at once, exactly
``histogram``    whole numbers and how often each, added up over parts, on disk where they are many
``exact_sum``    sums of floats that do not depend on their order
``parquet``      tables as files in row groups, the same bytes for the same rows
``compared``     a file compared instead of written
``manifest``     which versions, machine, seed and command made a result
``folder``       ``ResultFolder``: written aside, renamed when whole
``results``      finding, listing and reading result folders
``transcripts``  the dialogues of single devices as text files
===============  =========================================================================
"""
