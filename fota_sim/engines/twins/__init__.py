"""Two engines, one story: where two records of the same replication differ, exactly.

===============  =========================================================================
``play``         two engines play the same replication
``compare``      two records of one replication, compared exactly: no tolerance anywhere
``columns``      the device tables of two records: where their values differ, exactly
``describe``     differences in words: how much agrees, and the first stories that part, side by side
``downloads``    the download tables of two records: the first download of each device that differs
``stories``      the event logs of two records, in numbers: where each device's story parts, and its lines around there
``differences``  what a comparison found: how much was compared, and every place where two records part
``splits``       rows that belong to devices, and the first row of each device in which two such tables differ
``vocabulary``   the values of two records as the same small integers, so that texts compare as numbers do
===============  =========================================================================
"""

from fota_sim.engines.twins.compare import compare
from fota_sim.engines.twins.describe import describe
from fota_sim.engines.twins.differences import Differences
from fota_sim.engines.twins.play import Engine, Tally, play_both

__all__ = ["Differences", "Engine", "Tally", "compare", "describe", "play_both"]
