"""What can be said of a scenario before it is run, also what only its devices show.

===============  =========================================================================
``drawn``        a scenario with the fleet of its first replication, drawn and not played
``fleet``        findings about its devices, and the table of all that only a drawn fleet shows
``downloads``    findings about how long its downloads take
``batteries``    batteries too weak for an update, which no minimum keeps out
``checking``     everything that is wrong or hardly meant, of a scenario and its strategies
``signals``      mean signals without a link, and without a slot in their cell
``sleep``        how long a push waits for devices that sleep, and how long their battery lasts
``exchanges``    how long exchanges with the network take, by coverage level: median, spread, mean
``first_offer``  what each device would say to its first offer, by the rules
``plans``        who is of which of several plans: what a scenario with a drawn fleet shows of that
``reach``        whom a plan can come to at all: who is in contact before the end, has a link, and runs what the
                 packages are for
``waits``        waves that wait for more than the devices of the wave before them will ever do, and have no deadline
``versions``     versions that devices run: left out, in another spelling, or later than the target
===============  =========================================================================
"""
