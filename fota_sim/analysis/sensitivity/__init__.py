"""Which assumptions matter.

===============  =========================================================================
``parameters``   what is varied, between what
``in_use``       which kinds of devices a fleet has, and what of them is drawn
``assumptions``  every number of a scenario that its manual calls an assumption
``effects``      one at a time, Morris, Sobol
===============  =========================================================================
"""
