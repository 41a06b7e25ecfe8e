"""The fleet: from its sources to one array per device attribute.

===============  =========================================================================
``fleet``        ``build_fleet``: a scenario and a replication in, a ``Fleet`` out
``roster``       who is in the fleet, and any part of it drawn
``drawing``      sources drawn by one thread or by two
``devices``      ``Fleet``: the arrays, and picking devices from them
``ids``          the names of devices; those of groups take no memory
``coded``        a column of texts as small integers
``alike``        columns that say the same of all devices stand once
``joining``      fleets one after the other as one fleet
``kept``         devices that were drawn before, for who asks again while only the plan changes
``groups``       one group of a scenario, drawn from its distributions
``table_fleet``  one table, and draws for what it leaves open
``table_rows``   the rows of a table as typed columns, read once for all replications
``sources``      groups and tables as what devices are cut from
``files``        what files say, without drawing: ids, lists, kinds of columns
``possible``     what a condition may come to, without drawing
``nobody``       lists and conditions that leave nobody, as far as it shows without drawing
``own_timers``   timers of PSM and eDRX that devices have for themselves, as a number each
``given``        what a table says beforehand
``laws``         each distribution: its mass between bounds, its quantiles there
``sampling``     values from uniforms; correlated scores; shares
``luck``         the keyed draws of a fleet
``identity``     from a device's name to the key that all its luck hangs on
``columns``      what a predicate may ask about a device
``lists``        who is whitelisted, blacklisted, or named in an operator's action
``membership``   whom one of several plans takes
``defects``      whom a condition picks: hit by a defect of a package, or on a list
``table_units``  what readings in other units say of signal and charge, which hangs on the device's own radio and
                 battery
===============  =========================================================================
"""
