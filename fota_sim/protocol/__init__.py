"""The QuecThing AT upgrade protocol: text in, text out, and the state machine in between.

No simulator lives here and no clock: whoever drives a module hands it text and events and runs its timers.

==============  ================================================================================
states          OTA and connection states, component types, why an upgrade failed
settings        protocol timers and the switches where sources disagree
grammar         AT command lines: parse, format, split a stream of characters
urc             ``+QIOTEVT`` lines: parse, format, what each code means
reply           the host's side: a module's output as echoes, infos, results, URCs and raw data
readings        ``+CSQ``, ``+CBC`` and ``+QGETWIFISTATE`` as numbers
identity        what a module is before anybody talks to it
firmware_info   the downlink that tells a module where its image is
world           what a module asks of its surroundings
ota             the module's upgrade state machine
link            the module's registration with the platform
configuration   ``AT+QIOTCFG``: the settings a module keeps
commands        what each AT command does
module          all of it in one object with one input per event
transcript      lines with times, rendered to be read
vocabulary      the platform's words: status labels and upgrade log lines
==============  ================================================================================
"""
