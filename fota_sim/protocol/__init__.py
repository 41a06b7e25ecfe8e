"""The QuecThing AT upgrade protocol as text: commands, answers, URCs, and a module's command line.

No simulator lives here and no clock: what a module does behind its command line is :mod:`fota_sim.device`.

=================  =========================================================================
``states``         OTA and connection states, component types
``settings``       protocol timers and the switches where sources disagree
``grammar``        AT command lines: parse, format, split a stream of characters
``urc``            ``+QIOTEVT`` lines: parse, format, what each code means
``reply``          the host's side: a module's output as echoes, infos, results, URCs and raw data
``readings``       ``+CSQ``, ``+CBC`` and ``+QGETWIFISTATE`` as numbers
``identity``       what a module is before anybody talks to it
``firmware_info``  the downlink that tells a module where its image is
``world``          what a command line asks of the module behind it
``configuration``  ``AT+QIOTCFG``: the settings a module keeps
``commands``       what each AT command does
``module``         the command line of one module
``transcript``     lines with times, rendered to be read
``bare``           a dialogue without times, as the vendor's pages have it, and where two differ
``vocabulary``     the platform's words: status labels and upgrade log lines
``events``         every documented ``+QIOTEVT`` type and code, and what it means
``wire``           the characters on the serial line: commands as a host writes them, answers and URCs as a module
                   frames them
=================  =========================================================================
"""
