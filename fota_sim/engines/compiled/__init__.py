"""The compiled engine: the rules and the story in one numba event loop, for fleets of millions.

It holds queues, memory and dispatch, and the host as labels and numbers; what happens is told in
:mod:`fota_sim.device`, which ``bound`` binds to them.

===============  =========================================================================
``access``       rows, arrays and numbers behind an address
``memory``       those of the run
``layout``       the records: the story's fields and this engine's own, as memory has them
``frames``       an array that knows its own name and size, for a build with bounds checks
``queue``        one device's events, and the devices that wait for their turn
``alarms``       times that are put off again and again
``room``         whether the arrays have room for what comes next
``notes``        a line of the event log
``line``         what the host hears, and its inbox
``luck``         a device's shadowing, drawn several steps at a time
``bound``        the story over all these
``labels``       where the host's story goes on
``talk``         the host at the serial line
``sota``         the host's own software
``host``         the host's side of a device's life
``life``         where a device comes into the loop, and leaves it
``loop``         the event loop
``operator``     what concerns many devices at once, between stretches of the loop
``ready``        whether it is compiled, and having it compiled
``arrays``       the arrays as Python makes them and lets them grow
``world``        from scenario and fleet to the arrays
``kinds``        what lines say, numbered
``log``          the event log, in order and out of memory while the run goes on
``fates``        what came of each device, as columns
``render``       the log as lines
``stretches``    the run as it advances, cut by what happens to the plan
``run``          one replication: to its end, or to any time, and on from there in several ways
``plans_words``  what a line of the log says, by the plan that it is of
``turn``         a device's turn: what is its own, straight on, until it comes to what others share
``put_off``      devices whose turn is put off, to be played by two threads
``together``     how both play them, and agree on who plays which
``helper``       the second thread, which is there while a core is free
``atomic``       numbers that two threads read and write
``stock``        memory that a process keeps from one replication for the next
===============  =========================================================================
"""

from __future__ import annotations


def notice() -> str:
    """What to tell the user before the engine is used: that it compiles first."""
    from fota_sim.engines.compiled import ready

    if ready.is_ready():
        return ""
    return f"compiling the engine, once for this version: about {ready.compiling_s():.0f} s"
