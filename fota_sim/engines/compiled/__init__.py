"""The compiled engine: the rules in one numba event loop, for fleets of millions.

It holds queues, state and dispatch; what happens is decided in :mod:`fota_sim.rules`. Its files bear the names of the
reference engine's, and each function does what the method of that name does there.

===============  =========================================================================
``access``       rows, arrays and numbers behind an address
``memory``       those of the run
``layout``       the records: a device's state, a queued event, what came of a device
``events``       kinds of events, and what the log can hold
``queue``        one device's events, and the devices that wait for their turn
``body``         signal, battery and mains of a device
``notes``        a line of the event log
``network``      places at the server and in cells
``knowledge``    what the platform knows of a device
``stages``       what it waits for, and how long
``offers``       whom it offers the plan, and when
``attempts``     addresses, failures, retries
``platform``     what a device tells it, and what it makes of that
``ota``          the module's upgrade, step by step
``modem``        power, connection and restart of the module
``download``     places, segments, progress
``flashing``     writing new firmware
``talk``         the host at the serial line
``sota``         the host's own software
``host``         the host's side of a device's life
``room``         whether the arrays have room for what comes next
``life``         where a device's life in the loop begins and ends
``loop``         the event loop
``ready``        whether it is compiled, and having it compiled
``arrays``       the arrays as Python makes them and lets them grow
``world``        from scenario and fleet to the arrays
``operator``     the operator's actions and the plan's end, between stretches of the loop
``kinds``        what lines say, numbered
``log``          the event log, in order and out of memory while the run goes on
``fates``        what came of each device, as columns
``render``       the log as lines, in the protocol's own words
``run``          one replication
===============  =========================================================================
"""

from __future__ import annotations


def notice() -> str:
    """What to tell the user before the engine is used: that it compiles first."""
    from fota_sim.engines.compiled import ready

    if ready.is_ready():
        return ""
    return f"compiling the engine, once for this version: about {ready.compiling_s():.0f} s"
