"""What a run begins with, in numbers, for whichever engine plays it.

==========  ================================================================================
names       numbers for versions and components
run         what holds for all devices
columns     what each device is, a column for each property
kinds       components of the plan, kinds of hosts, contacts and modules
==========  ================================================================================
"""
