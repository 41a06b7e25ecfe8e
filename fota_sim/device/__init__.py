"""A device and the platform as a story: what each does at what happens, as plain functions over named fields.

No engine lives here, no clock, no text and no compiler. Whatever takes time or is seen from outside goes through the
port, and an engine binds the functions to its own port and its own records.

===========  ================================================================================
fields       what is kept of a run, a device, a part, a host: names, kinds, first values
events       numbers for what happens to a device and for what is said
port         what the story asks of an engine
bind         the story over an engine's port
records      plain objects with the fields
body         signal, charge and power supply
accounts     bytes and energy of attempts, and whether they came to anything
network      places at the server and in cells, and the lines for them
urcs         URCs on their way to the host
faults       faults on purpose in downloads and on the serial line
fetch        beginning and dropping the fetch of a file
download     a fetch segment by segment, its progress, and how it ends badly
ota          the module's upgrade: its states and steps
reports      status messages upstream, and the one that waits
link         registration and connection
silence      the radio switched off and on again by the host
modem        power, restart, and what ends a device
flashing     writing new firmware
own_software  what runs after the host has written its own software
exhaustion   what ends when the battery is empty
power_off    what ends when the host switches its module off
knowledge    what the platform knows of a device
stages       what the platform waits for, and how long
slots        who has a slot, who waits for one, and counts
gates        the plan's minimums, as platform and hosts check them
offers       whom the platform offers the plan, and when
attempts     addresses, failures, retries, the penalty box
platform     what devices tell the platform, and what it makes of that
operator     what the operator and the plan's end do to a device
rollout      abort rules, waves, release and lines for slots, over all devices
happens      what an event comes to
life         where a device's story begins and ends
===========  ================================================================================
"""
