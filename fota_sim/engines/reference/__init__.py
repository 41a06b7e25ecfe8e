"""The reference engine: SimPy's clock, and hosts and modules that exchange AT lines and URCs, to be read like a story.

Start with ``host`` (a device's life from the outside). What module, platform and physics do is told in
:mod:`fota_sim.device`, which ``bound`` binds to plain objects and to the clock.

===============  =========================================================================
``environment``  virtual time, with events in order of time and device
``world``        the run and its devices as plain objects
``bound``        the story over these
``modem``        the text side of a module: its command line asks, the story answers
``contacts``     when a device is in contact: what hosts have in common with whoever else has a module's switch
``host``         the host's side of a device's life, a SimPy process that speaks AT
``table``        device table, downloads and events
``run``          one replication
===============  =========================================================================
"""
