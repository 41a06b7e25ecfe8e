"""A search: trials, their Pareto front, and what fresh luck makes of it.

===============  =========================================================================
``knobs``        what a search may turn
``constraint``   how far a trial is from keeping a threshold
``trials``       the search: trials on common luck, kept so that it can be gone on with
``question``     from what a user asks for, in texts, to a search
``left_out``     points that are not recommended, though nothing beats them
``front``        which trials stand, on the luck that they were tried with
``choice``       which confirmed point to take: what one objective leaves open the next decides
``verdict``      what fresh luck makes of them, and which point to take: the answer, ready for JSON
``reason``       why that one, or none, in a paragraph
``rows``         the answer as rows of tables
``at_the_end``   where a recommended point lies at the end of what was searched, and a scenario may say more, or less,
                 than that
===============  =========================================================================
"""
