"""One module a platform: how its exports are known, and what they say. See :mod:`fota_sim.histories.reading`.

=================  =========================================================================
``reader``         what a reader is
``aws_iot``        AWS IoT job executions: lists, descriptions, and the fleet index
``azure``          device states of an Azure Device Update deployment
``hawkbit``        hawkBit's actions with their status entries, and its database as one CSV
``mender``         the device list of a Mender deployment
``golioth``        Golioth's OTA events of a cohort
``memfault``       Memfault's installs
``thingsboard``    ThingsBoard's telemetry of firmware states
``nerveshub``      NervesHub's audit logs
``spreadsheet``    a row a device: the vendor's monitoring, anybody's spreadsheet, an inventory
=================  =========================================================================
"""
