"""``fota-sim fleet inspect`` on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from portals import export

from fota_sim.cli.main import exit_code
from fota_sim.scenario.loader import load_scenario

METERS = "Portal\nIMEI;RSSI;Batterie;FW;Letzter Kontakt;Gesperrt\n" + "".join(
    f"8661234000{k:05d};-{80 + k % 30},5;0,{k % 99:02d};1_0;{1 + k % 28:02d}.12.2025 10:00;"
    f"{'Ja' if k % 9 == 0 else 'Nein'}\n"
    for k in range(60)
)
ONCE = ("--replications", "1")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "meters.csv").write_text(METERS, encoding="utf-8")
    assert exit_code(["new", "my.yaml"]) == 0
    return tmp_path


def test_the_block_goes_to_standard_output_and_what_is_in_the_file_beside_it(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert exit_code(["fleet", "inspect", "meters.csv"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("# meters.csv, as fota-sim fleet inspect found it.")
    assert "\nfleet:\n  csv:\n    - name: meters\n" in told.out
    assert "columns.rssi: RSSI: it is called 'RSSI'" in told.out
    assert "Signal (RSSI): 60 devices, -109.5 to -80.5 dBm, median -95.5" in told.err
    assert "█" in told.err
    assert "Gesperrt: says who takes part" in told.err


def test_a_scenario_with_the_file_as_its_fleet_validates_and_runs(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "out").mkdir()
    (desk / "out" / "plain.yaml").write_text("")
    argv = ["fleet", "inspect", "meters.csv", "--scenario", "my.yaml", "-o", "out/mine.yaml"]
    assert exit_code(argv) == 0
    told = capsys.readouterr()
    assert "Next: fota-sim validate out/mine.yaml --fleet" in told.err
    text = (desk / "out" / "mine.yaml").read_text(encoding="utf-8")
    assert "file: ../meters.csv" in text
    assert "strategies:" in text  # what else the scenario says stays
    assert """where: '"Gesperrt" == "Ja"'""" in text
    assert exit_code(["validate", "out/mine.yaml", "--fleet"]) == 0, capsys.readouterr().err
    assert exit_code(["run", "out/mine.yaml", "--quiet", *ONCE]) == 0, capsys.readouterr().err
    assert exit_code(argv) == 2
    assert "--force" in capsys.readouterr().err


def test_a_file_that_no_block_reads_is_told_and_nothing_is_written(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "bad.csv").write_text("IMEI,RSSI\n8.66E+14,-90\n8.67E+14,-91\n", encoding="utf-8")
    assert exit_code(["fleet", "inspect", "bad.csv", "-o", "bad.yaml"]) == 2
    told = capsys.readouterr()
    assert "bad.csv:2:1: IMEI: '8.66E+14' is an id that a spreadsheet has rounded" in told.err
    assert "Looks wrong" in told.err
    assert not (desk / "bad.yaml").exists()


def test_distributions_are_drawn(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["fleet", "inspect", "meters.csv", "--picture", "meters.png"]) == 0
    assert (desk / "meters.png").read_bytes().startswith(b"\x89PNG")
    assert "Picture: meters.png" in capsys.readouterr().err
    assert exit_code(["fleet", "inspect", "meters.csv", "--picture", "meters.png"]) == 2
    assert exit_code(["fleet", "inspect", "meters.csv", "--picture", "nowhere/meters.png"]) == 2
    assert "a folder that exists" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--encoding", "klingon"], "no encoding of text"),
        (["--delimiter", "abc"], "one character"),
        (["--module", "XY1"], "there is no module 'XY1'"),
        (["--header", "900"], "has no line 900"),
        (["--scenario", "none.yaml"], "no such file"),
        (["--sheet", "Fleet"], "no Excel workbook"),
    ],
)
def test_what_is_told_wrong_is_answered_with_a_sentence(
    more: list[str], words: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["fleet", "inspect", "meters.csv", *more]) == 2
    assert words in capsys.readouterr().err


def test_a_file_that_is_not_there_is_told(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["fleet", "inspect", "none.csv"]) == 2
    assert "none.csv: no such file" in capsys.readouterr().err


@pytest.mark.parametrize("seed", range(8))
def test_whatever_was_exported_becomes_a_scenario_that_runs(
    seed: int, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "export.csv").write_bytes(export(seed).data)
    assert exit_code(["fleet", "inspect", "export.csv", "--scenario", "my.yaml", "-o", "mine.yaml", "--force"]) == 0
    assert exit_code(["run", "mine.yaml", "--quiet", "--out", "r", *ONCE]) == 0, capsys.readouterr().err


def test_what_the_scenario_says_of_its_devices_and_the_file_does_not_stays(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The template's meters are there at night and wait for the push; an export cannot say that."""
    assert exit_code(["fleet", "inspect", "meters.csv", "--scenario", "my.yaml", "-o", "mine.yaml"]) == 0
    before, after = (load_scenario(desk / name).fleet.sources[0] for name in ("my.yaml", "mine.yaml"))
    assert (after.contact, after.host, after.cells) == (before.contact, "pushed", 40)
    assert after.battery_unknown == 0.0  # the file says which have no reading
    text = (desk / "mine.yaml").read_text(encoding="utf-8")
    assert "#   host: pushed: what the devices of the scenario have, and the file does not say." in text
    assert 'contact: {pattern: daily, spread: 0.5h, hours: "00:00-06:00"}' in text


def test_where_devices_of_the_scenario_differ_it_is_told_that_the_file_does_not_say_who_is_who(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (desk / "my.yaml").read_text(encoding="utf-8")
    other = "    - {name: others, count: 10, module: BC66, host: lenient}\n"
    (desk / "two.yaml").write_text(text.replace("\nhosts:", f"{other}\nhosts:"), encoding="utf-8")
    assert exit_code(["fleet", "inspect", "meters.csv", "--scenario", "two.yaml", "-o", "mine.yaml"]) == 0
    told = " ".join(capsys.readouterr().err.split())
    assert "host, contact, cells are not the same for all devices of the scenario" in told
    source = load_scenario(desk / "mine.yaml").fleet.sources[0]
    assert (source.module, source.host) == ("BC66", "careful")


def test_a_module_of_the_scenario_s_own_is_known_in_its_files(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (desk / "my.yaml").open("a", encoding="utf-8") as file:
        file.write("modules:\n  Ours: {extends: BC66}\n")
    (desk / "own.csv").write_text("IMEI,RSSI,Module\n" + "".join(f"d{k},-9{k},Ours\n" for k in range(9)))
    assert exit_code(["fleet", "inspect", "own.csv", "--scenario", "my.yaml", "-o", "mine.yaml"]) == 0
    assert exit_code(["run", "mine.yaml", "--quiet", "--no-write", *ONCE]) == 0, capsys.readouterr().err


def test_who_has_a_fleet_and_no_scenario_is_told_how_they_come_together(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "Zähler Süd.csv").write_text(METERS, encoding="utf-8")
    capsys.readouterr()
    assert exit_code(["fleet", "inspect", "Zähler Süd.csv", "-o", "fleet.yaml"]) == 0
    told = capsys.readouterr().err
    next_ = "fota-sim new my.yaml; fota-sim fleet inspect 'Zähler Süd.csv' --scenario my.yaml -o mine.yaml"
    assert next_ in told
    assert "- name: Zaehler-Sued\n" in (desk / "fleet.yaml").read_text(encoding="utf-8")
    argv = ["fleet", "inspect", "Zähler Süd.csv", "--scenario", "my.yaml", "-o", "mine.yaml"]
    assert exit_code(argv) == 0
    assert exit_code(["validate", "mine.yaml"]) == 0
