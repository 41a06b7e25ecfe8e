"""Modules of a scenario on ports that real programs open, in the place of their simulated hosts (docs/emulate.md).

The run is the reference engine's, with its clock moved from outside: platform, plan, battery and luck are those of the
same device in the same scenario and seed.

=============  =========================================================================
``versions``   versions that a run did not know before a client said them
``modem``      the text side of a module whose host is a foreign program
``progress``   ``7,10702`` in time
``power``      who switches a module on
``board``      the power switch as the scenario's host handles it
``device``     one emulated device, between the engine and its client
``bench``      the run on whose devices clients work
``injection``  faults by name, as a script or the control socket asks for them
``faults``     how they are done to the story
``script``     a file of faults
``log``        the dialogue as it goes on
``clock``      virtual time at a speed, or moved by hand
``driver``     virtual time moved by asyncio
``ports``      terminals and sockets
``control``    the control socket
``session``    all of it, from its ports to its end
=============  =========================================================================
"""
