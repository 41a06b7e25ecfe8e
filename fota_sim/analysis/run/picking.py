"""Which devices of a table are meant: what a user filters a list of devices by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import translate
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fota_sim.errors import ResultError
from fota_sim.experiment.arrow import DICTIONARY
from fota_sim.fleet.coded import MISSING, Coded
from fota_sim.quoting import listed, quoted
from fota_sim.scenario.judging import Column
from fota_sim.scenario.predicate import PredicateError, parse_predicate
from fota_sim.scenario.wording import did_you_mean

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Picked:
    """Who is meant: all that is said holds, and of several words one."""

    words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Of a column the texts that a device may have; none: any."""
    id_pattern: str = ""
    """As in file names: meters-1*; empty: any."""
    finished_ms: tuple[float, float] | None = None
    """From when to when the upgrade was over, well or not."""
    where: str = ""
    """A condition over any column."""

    def mask(self, table: pa.Table) -> Mask:
        """Which rows are meant, shape (devices,); raises ResultError for a condition that makes no sense."""
        mask = np.ones(len(table), dtype=np.bool_)
        for column, wanted in self.words:
            if wanted:
                mask &= pc.is_in(table[column].cast(pa.string()), pa.array(list(wanted))).to_numpy()
        if self.id_pattern:
            found = pc.match_substring_regex(table["id"], _regex(self.id_pattern))
            mask &= found.to_numpy()
        if self.finished_ms is not None:
            from_ms, to_ms = self.finished_ms
            at_ms = pc.cast(table["finished_ms"], pa.float64()).to_numpy()
            mask &= (at_ms >= from_ms) & (at_ms <= to_ms)  # who has not finished is NaN
        if self.where:
            mask &= _meets(table, self.where)
        return mask


def _regex(pattern: str) -> str:
    """A pattern of file names for Arrow's expressions."""
    return "^" + translate(pattern).removeprefix("(?s:").removesuffix(")\\Z") + "$"


def known_words(what: str, wanted: Sequence[str], known: Iterable[str]) -> tuple[str, ...]:
    """What is wanted, as it is; raises ResultError for a word that is none of ``known``."""
    words = [word for word in known if word]
    for text in wanted:
        if text not in words:
            raise ResultError(
                f"there is no {what} {quoted(text)}{did_you_mean(text, words) or f'; there are {listed(words)}'}"
            )
    return tuple(wanted)


def _meets(table: pa.Table, where: str) -> Mask:
    try:
        condition = parse_predicate(where)
        missing = sorted(condition.names - set(table.column_names))
        if missing:
            near = did_you_mean(missing[0], table.column_names)
            raise ResultError(f"--where: there is no column {quoted(missing[0])}{near}")
        return condition.evaluate({name: _column(table[name]) for name in condition.names})
    except PredicateError as error:
        raise ResultError(f"--where: {error}") from error


def _column(values: pa.ChunkedArray) -> Column:
    """A column as conditions take it: texts coded, missing numbers as NaN."""
    if pa.types.is_string(values.type) or pa.types.is_dictionary(values.type):
        whole: Any = values.cast(pa.string()).dictionary_encode().combine_chunks().cast(DICTIONARY)
        codes = whole.indices.fill_null(MISSING).to_numpy(zero_copy_only=False).astype(np.int32)
        return Coded(codes, tuple(whole.dictionary.to_pylist()))
    if pa.types.is_boolean(values.type):
        return np.asarray(values.to_numpy(), dtype=np.bool_)
    return np.asarray(pc.cast(values, pa.float64()).to_numpy(), dtype=np.float64)
