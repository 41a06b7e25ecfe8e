"""The page that answers while one drags: ``fota-sim explore`` and ``fota_sim.explore``.

===============  =========================================================================
``source``       the scenario that is explored
``so_far``       the log of a rollout under way, for the curve beside the simulated one
``fields``       what the schema says of a field
``knob``         one thing that can be turned
``knobs``        those of a scenario
``lists``        a list of devices in one line, by condition, file or id
``waves``        waves in a word
``state``        what was turned, as changes of the scenario and in links
``share``        the answer in sentences; commands and the scenario that make the same picture
``saving``       the state as a scenario of its own
``player``       the thread that plays the newest question
``shelf``        what was played before
``playing``      the engine behind it
``numbers``      key numbers and their changes
``plots``        the pictures
``controls``     the knobs, drawn
``tiles``        the key numbers, drawn
``page``         all of it together, for one user
``server``       the pages of all users
``cell``         the page in a notebook
``pace``         how long a replication takes here, learned from those that were played; and whether a sample is worth
                 its time
``style``        the page's style sheet, and the colours of its frame
``timeline``     when what happened between a turned knob and its numbers on the page: for who measures, otherwise off
``lost``         what a page does whose program is gone: it says so, and is loaded anew once that is there again
===============  =========================================================================
"""
