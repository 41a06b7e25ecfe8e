"""The pictures of the page, native to the browser so that they follow a drag; each shows answers one after another.

===============  =========================================================================
``adoption``     how many devices are upgraded over time
``funnel``       where devices go on the way from the fleet to the new firmware
``gates``        how often an upgrade that was started fails, by battery and signal, and where the gates are
``load``         downloads at the same time, against what the server takes
``drawing``      what the pictures of the page have in common
===============  =========================================================================
"""
