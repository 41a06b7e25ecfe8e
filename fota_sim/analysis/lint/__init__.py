"""Findings of the plan linter that have to see the devices.

===============  =========================================================================
``fleet``        one replication's fleet is drawn, nothing is played
``first_offer``  what each device would say to its first offer, by the rules
===============  =========================================================================
"""
