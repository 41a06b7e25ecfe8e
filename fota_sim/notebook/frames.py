"""Tables as an analyst wants them: words as categories, times as durations or clock times."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from fota_sim.engines.table import STATUSES
from fota_sim.experiment.tables import frame
from fota_sim.rules.labels import BELIEFS, CAUSES, CHEMISTRIES, OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

_WORDS = {
    "outcome": OUTCOMES,
    "cause": CAUSES,
    "belief": BELIEFS,
    "component_status": STATUSES,
    "chemistry": CHEMISTRIES,
    "actor": ("host", "module", "platform"),
}
"""Columns whose words are known beforehand: every result has the same categories, so two can be compared and joined."""
_OWN = ("id", "text")
"""Texts of which every row may have its own."""


def worded(table: pa.Table) -> pd.DataFrame:
    """A table as pandas shows it, words as categories: those of the model in their order, others by the alphabet."""
    import pandas as pd

    found = frame(table)
    for field in table.schema:
        column = found[field.name]
        if field.name in _OWN or not _is_text(field.type):
            continue
        words = _WORDS.get(field.name) or sorted(column.dropna().unique())
        found[field.name] = pd.Categorical(column, categories=list(words))
    return found


def timed(given: pd.DataFrame, start: datetime | None, time_zone: str) -> pd.DataFrame:
    """A copy in which columns ``..._ms`` lose that ending: Timedeltas, or clock times after ``start``.

    ``start``: the clock in ``time_zone`` at activation; None: time since activation. What never happened is NaT.
    """
    import pandas as pd

    columns: dict[str, pd.Series] = {}
    begun = None if start is None else pd.Timestamp(start.replace(tzinfo=ZoneInfo(time_zone)))
    for name in given.columns:
        column: pd.Series[Any] = given[name]
        if not str(name).endswith("_ms"):
            columns[name] = column
            continue
        since = pd.to_timedelta(column.where(column >= 0), unit="ms")  # -1: never released
        columns[str(name).removesuffix("_ms")] = since if begun is None else (begun + since)
    return pd.DataFrame(columns, index=given.index)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind))
