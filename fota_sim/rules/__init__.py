"""What happens: pure scalar functions on numbers, the same from plain Python and compiled by numba.

No I/O, no objects, no hidden state. Every engine plays these rules and no others.

================  =========================================================================
``battery``       battery: open-circuit voltage by charge, sag under load, temperature, current by state, and when it is
                  empty
``blake2b``       BLAKE2b (RFC 7693) of many short texts that differ in the number at their end: eight-byte digests,
                  unkeyed
``bounds``        the switch of a build that asks of every index whether it is within its array: ``FOTA_SIM_BOUNDS=1``
``cache``         where compiled code is kept: one folder for the user, whatever checkout or environment compiled it
``calls``         how parts call each other: arguments in, the result out, in registers
``codes``         how a device's story ends and why: an entry for each outcome and each cause, and the integers that
                  stand for them
``compiled``      the one switch between compiled rules and the same rules as plain Python
``compiling``     what goes on while rules are compiled, for those who wait: what is compiled, and how far it is
``connection``    getting onto the network: how long registering takes, and whether it works at this signal
``contact``       when a device is there: always on, waking every so often, or in daily hours of its local time
``delay``         how long something takes: a delay row and one uniform draw make seconds
``draws``         keyed draws: every random number is a pure function of (seed, replication, device, stream, counter)
``fates``         what becomes of each device: the device table's columns of it, an entry each, in the order of the
                  table
``host``          the host's decision on an offer: the plan's minimum battery and signal against what it can read
``labels``        names of the small integers that rules return
``lifecycle``     the plan's life cycle: which operator action each state allows, and where it leads
``link``          the download link: how fast a chunk goes at a given signal, and how often it fails
``network``       what devices share: the server's egress, its connections, and each cell's places by coverage level
``ota``           what a module's upgrade does next (QuecThing SDK 2.9.0): decisions on small integers
``outcome``       which single outcome a device's story has at the end of the run, and what the platform believes of it
``parts``         functions compiled in parts: each typed and lowered once, and optimised only inside what Python calls
``plan``          what the plan engine decides for one device: offer or not and why, hold after a refusal, retry after a
                  failure
``radio``         the signal at the antenna and what the module says of it
``retry``         what the platform does after a failed attempt of one device: again, later, or never
``rollout``       decisions that concern many devices: which wave opens, who is released when, and what stops the
                  rollout
``rollout_rows``  where the numbers of a rollout stand in its arrays (rules/rollout.py)
``rows``          parameter rows: flat float64 arrays that rules read by named position
``segment``       one segment of a download: a run of chunks at one signal level, played in one step
``share``         shares, exactly: which fraction a share's number stands for, and how k of n compares with it
``sleep``         sleep as the network knows it: what PSM and eDRX draw, and when a module hears what is sent to it
``streams``       stream numbers of the keyed draws: what a draw is for
``upgrade``       flash, reboot and what can go wrong: apply time, power cuts, boot schemes, rollback and brick
``zone``          local time from virtual time: a zone is a table of UTC offsets over the run, made by the scenario from
                  zoneinfo
================  =========================================================================
"""
