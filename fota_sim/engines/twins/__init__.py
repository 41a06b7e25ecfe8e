"""Two engines, one story: where two records of the same replication differ, exactly."""

from fota_sim.engines.twins.compare import compare
from fota_sim.engines.twins.describe import describe
from fota_sim.engines.twins.differences import Differences
from fota_sim.engines.twins.play import Engine, Tally, play_both

__all__ = ["Differences", "Engine", "Tally", "compare", "describe", "play_both"]
