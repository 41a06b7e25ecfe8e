"""The reference engine: SimPy processes that exchange AT lines and URCs, to be read like a story.

Start with ``host.py`` (a device's life from the outside) and ``modem.py`` (the module's side of it);
``platform.py`` is the Developer Center, which knows (``knowledge.py``), offers (``offers.py``), waits (``stages.py``)
and follows up (``attempts.py``); ``body.py`` is what physics does to a device.
"""
