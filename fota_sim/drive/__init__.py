"""The scenario's host at a real port: it says what the reference engine's host says, to a module that may be real.

===========  =========================================================================
``host``     the reference engine's host over a port
``seat``     the device whose host is played: names, rules and luck of the scenario
``port``     serial devices, pseudo-terminals and sockets
``session``  one contact with a module, in real time
``log``      the dialogue as it comes, in the form of transcripts
``timings``  how long attaching, an offer, a download and a restart took
===========  =========================================================================
"""
