"""What a result says, in sentences for people who read nothing else; each from numbers, never from a run.

===============  =========================================================================
``run``          one scenario: who was upgraded, who was not and why, how fast, at what cost
``comparison``   several variants: which is best in what, and what is not shown
``sweep``        which point to take, and why
``tuning``       what the search recommends, and against what
``sensitivity``  which assumptions move the result
``forecast``     a rollout under way: what will be, and what may be done now
``recommended``  which variant of a comparison to take, what that buys and costs
``weighing``     what the differences of a comparison weigh, and what is no bargain for anybody
``left_out``     whom a choice leaves out that another serves
``stopped``      a rollout that its own rules stop in some replications
``in_vain``      points that were left out as too dear, and devices that are still at it at the end
``apart``        why choices cannot be told apart, and what would tell them apart
``hangs_on``     what most losses are a matter of, and where most failures are
``not_knowing``  of a fitted scenario: what of a spread is not knowing what was learnt, and what chance
``wording``      numbers and lists as parts of a sentence
``costs``        what a comparison says of costs: who is cheapest, what that saves, and from which price on
``money``        costs as parts of a sentence, with no more digits than they are known to
===============  =========================================================================
"""
