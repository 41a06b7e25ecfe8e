"""What a result says, in sentences for people who read nothing else; each from numbers, never from a run.

===============  =========================================================================
``run``          one scenario: who was upgraded, who was not and why, how fast, at what cost
``comparison``   several variants: which is best in what, and what is not shown
``sweep``        which point to take, and why
``tuning``       what the search recommends, and against what
``sensitivity``  which assumptions move the result
``wording``      numbers and lists as parts of a sentence
===============  =========================================================================
"""
