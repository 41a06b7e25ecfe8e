"""What is done with a spoiled input, and what must never come of it: anything but an answer or a sentence."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from random import Random

import mutations

from fota_sim.analysis.lint.drawn import draw
from fota_sim.analysis.lint.fleet import lint_fleet
from fota_sim.engines.reference.run import run_replication
from fota_sim.errors import EngineError, FotaSimError, ScenarioError
from fota_sim.fleet.files import read_files
from fota_sim.protocol.grammar import CommandError, CommandLine, format_command, parse_command
from fota_sim.protocol.reply import ReplyReader
from fota_sim.protocol.urc import UrcError, parse_urc
from fota_sim.scenario.dump import dump_yaml
from fota_sim.scenario.lint import facts_of, lint, warnings
from fota_sim.scenario.lint.files import lint_files
from fota_sim.scenario.loader import load_located, parse_scenario
from fota_sim.scenario.model import Scenario

LONGEST = 500
"""Characters of one line that a user is told."""
_FEW, _SHORT_S = 30, 43_200.0
_PLAYED_S = 5.0
_READ_S = 30.0


class HangError(Exception):
    """Something that takes far longer than it may."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise HangError if it takes longer; where there are no such signals, wait."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def late(*_: object) -> None:
        raise HangError(f"not done after {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _told(error: ScenarioError) -> None:
    for problem in error.problems:
        line = str(problem)
        if len(line) > LONGEST or not line.isprintable():
            raise AssertionError(f"a message of {len(line)} characters: {line[:500]!r}")


def look(file: Path) -> str:
    """Do with a scenario what ``validate --fleet`` and ``run`` do; what became of it in a word."""
    try:
        with within(_READ_S):
            scenario, document = load_located(file)
            facts = facts_of(scenario, document)
            rows = read_files(scenario).rows
            found = warnings([*lint(facts), *lint_files(facts, rows)], document)
            found += warnings(lint_fleet(draw(facts)), document) if _small(scenario) else []
            for each in found:
                _told(ScenarioError([each]))
            _read_back(dump_yaml(scenario), file)
    except EngineError:
        raise
    except ScenarioError as error:
        _told(error)
        return "refused"
    except FotaSimError:
        return "refused"
    return _play(scenario)


@lru_cache
def _read_back(resolved: str, file: Path) -> Scenario:
    """A resolved scenario; where a file beside it was spoiled, it is the same each time, and read once."""
    return parse_scenario(resolved, file)


def _small(scenario: Scenario) -> bool:
    return sum(group.count for group in scenario.fleet.groups) <= _FEW and scenario.horizon <= _SHORT_S


def _play(scenario: Scenario) -> str:
    """A run; one that a user made long (a push every millisecond) is left after a while."""
    if not _small(scenario):
        return "large"
    try:
        with within(_PLAYED_S):
            run_replication(scenario, 0)
    except HangError:
        return "long"
    except EngineError:
        raise
    except FotaSimError as error:
        raise AssertionError(f"validate takes what run refuses: {error}") from error
    return "played"


def written(folder: Path, scenario: str, csv: bytes, listed: bytes) -> Path:
    file = folder / "scenario.yaml"
    file.write_bytes(scenario.encode("utf-8", errors="surrogatepass"))
    (folder / "fleet.csv").write_bytes(csv)
    (folder / "ids.txt").write_bytes(listed)
    return file


GOOD = mutations.json.dumps(mutations.SCENARIO)
LISTED = GOOD.replace('"ids": ["g-1"]', '"file": "ids.txt"')


def try_scenario(folder: Path, luck: Random) -> str:
    """A spoiled scenario beside good files."""
    spoiled = mutations.spoiled_scenario(luck)
    return look(written(folder, spoiled, mutations.CSV.encode(), mutations.LIST.encode()))


def try_csv(folder: Path, luck: Random) -> str:
    """A good scenario with a spoiled fleet file."""
    return look(written(folder, GOOD, mutations.spoiled_csv(luck), b""))


def try_list(folder: Path, luck: Random) -> str:
    """A good scenario with a spoiled list of ids."""
    return look(written(folder, LISTED, mutations.CSV.encode(), mutations.spoiled_list(luck)))


def try_at(folder: Path, luck: Random) -> str:
    """Spoiled lines between host and module, cut anywhere."""
    text = mutations.spoiled_at(luck)
    cut = luck.randint(0, len(text))
    lines, reader = CommandLine(), ReplyReader()
    understood = 0
    with within(_READ_S):
        for part in (text[:cut], text[cut:]):
            reader.feed(part)
            for line in lines.feed(part):
                understood += _line(line)
        for line in text.splitlines():
            understood += _line(line)
    return "understood" if understood else "refused"


def _line(line: str) -> bool:
    said = ""
    try:
        command = parse_command(line)
    except CommandError as error:
        said = str(error)
    else:
        assert parse_command(format_command(command)) == command
        return True
    try:
        parse_urc(line)
    except UrcError as error:
        said += str(error)
        assert len(said) < LONGEST
        return False
    return True


TRIALS = {"scenario": try_scenario, "csv": try_csv, "list": try_list, "at": try_at}
"""By what they spoil."""
