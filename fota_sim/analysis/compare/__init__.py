"""Variants of a scenario against a baseline.

===============  =========================================================================
``variants``     what is compared: scenarios, strategies, results
``sentences``    a difference in words
``comparison``   the variants played and their differences
``folder``       a comparison on disk
===============  =========================================================================
"""
