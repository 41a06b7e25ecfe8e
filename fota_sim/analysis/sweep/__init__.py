"""A metric over the axes of a grid.

===============  =========================================================================
``axes``         a field of the scenario and the values that it takes
``ready``        axes for who names none
``plan``         which points a sweep has
``file``         a sweep in a file of its own
``sweep``        every unit played or found, and the surface over the axes
``choice``       which point is the best in one measure
``recommended``  which point to take: what one measure leaves open, the next decides
``at_the_end``   where the point that is taken lies at the end of what was swept, and there is more beyond
``dear``         points whose last few upgrades waste what many upgrades take
``folder``       a sweep on disk
``stored``       a sweep read back from its folder
``knowing``      a sweep of a fitted scenario: what of the spread of its recommendation is not knowing what was learnt
===============  =========================================================================
"""
