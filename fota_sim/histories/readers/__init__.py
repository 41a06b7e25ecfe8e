"""One module a platform: how its exports are known, and what they say. See :mod:`fota_sim.histories.reading`.

=================  =========================================================================
``reader``         what a reader is
``aws_iot``        AWS IoT job executions: lists, descriptions, and the fleet index
=================  =========================================================================
"""
