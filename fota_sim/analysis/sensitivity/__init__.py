"""Which assumptions matter.

===============  =========================================================================
``parameters``   what is varied, between what
``assumptions``  every number of a scenario that its manual calls an assumption
``effects``      one at a time, Morris, Sobol
===============  =========================================================================
"""
