"""Variants of a scenario against a baseline.

===============  =========================================================================
``variants``     what is compared: scenarios, strategies, results
``sentences``    a difference in words
``leading``      who may be the best in the measures that a rollout is judged by first
``limbo``        devices that are neither upgraded nor failed at the horizon: what fewer failures are worth
``unserved``     devices that a variant leaves out, and upgrades of the whole fleet that nobody asked about
``comparison``   what they showed, and their differences
``playing``      them played for it, or what is stored of them
``folder``       a comparison on disk
``metrics``      what is compared: what was asked for, or the usual measures, as far as all variants have them
===============  =========================================================================
"""
