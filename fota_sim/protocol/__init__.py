"""The QuecThing AT upgrade protocol as text: commands, answers, URCs, and a module's command line.

No simulator lives here and no clock: what a module does behind its command line is :mod:`fota_sim.device`.

==================  =========================================================================
``states``          OTA and connection states, component types
``settings``        protocol timers and the switches where sources disagree
``grammar``         AT command lines: parse, format, split a stream of characters
``urc``             ``+QIOTEVT`` lines: parse, format, what each code means
``reply``           the host's side: a module's output as echoes, infos, results, URCs and raw data
``readings``        ``+CSQ``, ``+CBC`` and ``+QGETWIFISTATE`` as numbers
``identity``        what a module is before anybody talks to it
``firmware_info``   the downlink that tells a module where its image is
``world``           what a command line asks of the module behind it
``configuration``   ``AT+QIOTCFG``: the settings a module keeps
``commands``        what each AT command does
``module``          the command line of one module
``transcript``      lines with times, rendered to be read
``bare``            a dialogue without times, as the vendor's pages have it, and where two differ
``vocabulary``      the platform's words: status labels and upgrade log lines
``events``          every documented ``+QIOTEVT`` type and code, and what it means
``wire``            the characters on the serial line: commands as a host writes them, answers and URCs as a module
                    frames them
``basic``           commands of ITU-T V.250: results, profiles, S-registers, and what a line without calls only takes
                    note of
``dialects``        what differs between module models on their command line, beyond the QuecThing commands: data, and
                    how one is found
``identification``  who a module and its SIM card are
``kept``            settings that hosts and probes set and ask, and that change nothing in a module without calls,
                    messages and sockets
``network``         the network as a module tells of it: registration, operator, signal
``power``           functionality, restarts and switching off, with the time they take
``profile``         how a module speaks and listens on its line: echo, result codes, errors, S-registers; and what it
                    keeps of them
``registry``        how commands are found, and what a command may look at and change of the command line that it came
                    in by
``sub_device``      a sub-device behind a gateway: who it is and what the module knows of it
``sub_devices``     sub-devices behind a gateway (``AT+QIOTSUB...``), as the vendor's manual of July 2025 has their
                    commands
``interleave``      where a module's URCs come between a host's commands and their answers: pure line logic, without a
                    clock
==================  =========================================================================
"""
