"""The list of metrics by what they are of; ``fota_sim/scenario/metrics.py`` puts it together and is where to ask.

===========  =======================================================================
``metric``   what there is to say of a metric, and the usual kinds of them
``fates``    devices by how they ended, and how often they tried
``beliefs``  what the platform believes of them
``speed``    times, throughput and load
``amounts``  bytes, energy and charge
``costs``    what has a price, and what it makes of a rollout
===========  =======================================================================
"""
