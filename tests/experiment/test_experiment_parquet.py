from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fota_sim.engines.record import OneChunk, RunRecord
from fota_sim.experiment import arrow, parquet
from fota_sim.experiment.compared import ComparedSink
from fota_sim.experiment.parquet import ParquetSink, Sink
from fota_sim.experiment.tables import event_tables
from fota_sim.fleet.coded import Coded

SCHEMA = pa.schema([pa.field("n", pa.int64(), nullable=False), pa.field("text", arrow.DICTIONARY)])


@pytest.fixture(autouse=True)
def _small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROWS", 10)


def table(first: int, end: int, names: tuple[str, ...] = ("a", "b", "c")) -> pa.Table:
    """Rows that say a, b, c, a, ... whatever the order of ``names``."""
    codes = np.array([names.index("abc"[k % 3]) for k in range(first, end)], dtype=np.int32)
    texts = arrow.Texts(Coded(codes, names)).rows(0, len(codes))
    return pa.Table.from_arrays([arrow.counts(np.arange(first, end)), texts], schema=SCHEMA)


def write(sink: Sink, *pieces: pa.Table) -> None:
    for piece in pieces:
        sink.add(piece)
    sink.close()


def test_the_same_rows_give_the_same_bytes_however_cut_and_coded(tmp_path: Path) -> None:
    once, often = tmp_path / "once.parquet", tmp_path / "often.parquet"
    write(ParquetSink(once), table(0, 35))
    write(
        ParquetSink(often), table(0, 3), table(3, 4, ("c", "x", "b", "a")), table(4, 28, ("b", "c", "a")), table(28, 35)
    )
    assert once.read_bytes() == often.read_bytes()


def test_rows_are_written_in_groups_and_texts_read_as_strings(tmp_path: Path) -> None:
    path = tmp_path / "some.parquet"
    write(ParquetSink(path), table(0, 7), table(7, 35))
    groups = pq.ParquetFile(path).metadata
    assert [groups.row_group(k).num_rows for k in range(groups.num_row_groups)] == [10, 10, 10, 5]
    found = parquet.read(path)
    assert found.schema.field("text").type == pa.string()
    assert found["text"].to_pylist() == ["abc"[k % 3] for k in range(35)]
    assert parquet.read(path, ["n"]).column_names == ["n"]


def test_a_table_without_rows_is_a_file_all_the_same(tmp_path: Path) -> None:
    write(ParquetSink(tmp_path / "none.parquet"), table(0, 0))
    assert parquet.read(tmp_path / "none.parquet").num_rows == 0


def test_comparing_finds_any_difference_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "some.parquet"
    write(ParquetSink(path), table(0, 35))
    stored = path.read_bytes()

    def same(*pieces: pa.Table, name: str = "some.parquet") -> bool:
        sink = ComparedSink(tmp_path / name)
        write(sink, *pieces)
        return sink.same

    assert same(table(0, 20), table(20, 35))
    assert not same(table(0, 34))
    assert not same(table(1, 36))
    assert not same(table(0, 35), name="absent.parquet")
    path.write_bytes(stored + b"!")
    assert not same(table(0, 35))
    assert [each.name for each in tmp_path.iterdir()] == ["some.parquet"]


class InTwo:
    """Events that come in two pieces."""

    def __init__(self, whole: OneChunk) -> None:
        self.whole = whole

    def chunks(self):
        for rows in (slice(0, 1), slice(1, None)):
            yield {
                name: column.take(rows) if isinstance(column, Coded) else column[rows]
                for name, column in self.whole.columns.items()
            }


def test_events_are_the_same_in_one_piece_or_in_two() -> None:
    whole = OneChunk(
        {
            "at_ms": np.array([1, 1, 5]),
            "device": np.array([0, 1, 0]),
            "id": Coded(np.array([0, 1, 0], dtype=np.int32), ("x", "y")),
            "actor": Coded.of(["host", "platform", "module"]),
            "text": Coded.of(["AT", "offer", "OK"]),
        }
    )
    downloads = np.zeros((0, 5), dtype=np.int64)
    one, two = (RunRecord(3, 10, {}, downloads, events) for events in (whole, InTwo(whole)))
    rows = [pa.concat_tables(event_tables(record)).to_pylist() for record in (one, two)]
    assert rows[0] == rows[1]
    assert rows[0][1] == {"replication": 3, "at_ms": 1, "device": 1, "id": "y", "actor": "platform", "text": "offer"}
    for name, column in one.event_columns().items():
        np.testing.assert_array_equal(column, two.event_columns()[name])
    assert two.event_columns()["text"].tolist() == ["AT", "offer", "OK"]


def test_a_run_in_which_nobody_spoke_has_an_empty_table_and_one_that_kept_nothing_has_none() -> None:
    downloads = np.zeros((0, 5), dtype=np.int64)
    nothing = {"at_ms": np.zeros(0, np.int64), "device": np.zeros(0, np.int64)}
    silent = OneChunk(nothing | {name: Coded.of([]) for name in ("id", "actor", "text")})
    assert pa.concat_tables(event_tables(RunRecord(0, 10, {}, downloads, silent))).num_rows == 0
    assert list(event_tables(RunRecord(0, 10, {}, downloads))) == []
