"""What a log of a real rollout teaches a scenario, and how surely.

===============  =========================================================================
``fitting``      a log and a scenario in, a ``Fit`` out
``fitted``       what a log taught a scenario: what was learnt, what was not and why, and values by path
``turning``      knobs and counted shares by trials: brought near the log, then varied around there
``classes``      which devices of the log are of which sources of the fleet
``listing``      whom a log lists, of all that it would
``offers``       times of offers that devices got, in place of when the rollout came to them
``silence``      hours in which nothing is in a log
``rates``        shares by class, pooled: what is counted
``incidence``    who ends how where some were taken out before: censored and competing
``shares``       fields that are shares: gone for good, rollbacks, bricks
``installs``     installations that fail, and what of them a log hides
``counted``      from counts to these fields: how one follows from the other, as trials show it
``refusals``     how full batteries are, and hosts that refuse whatever the minimums
``knobs``        fields that shape times and failures: periods, speeds, delays, the signal of failures
``seen``         the statistics that knobs are learnt by, of a log or of a simulated one
``trials``       simulated rollouts, looked at as the log's platform would show them
``regression``   from trials to parameters: where a log's statistics come from
``others``       which other plans have what the log of one taught
``learned``      one thing that was learnt, and one that could not be
``beside``       the log beside the fitted simulation
``told``         a fit as a plain dictionary
``reading``      how a log is meant, as options say it
``clocks``       how the times of a log are meant
``logs``         logs of any kind, fota-sim's own results among them
``dialogues``    times of one module, from what ``fota-sim drive`` logged
``writing``      the fitted scenario as a file
===============  =========================================================================
"""
