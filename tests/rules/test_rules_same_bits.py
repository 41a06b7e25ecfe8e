import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import FunctionType

import pytest
from rules_digest import CASES, name_of

import fota_sim.rules
from fota_sim.rules import ota

_HERE = Path(__file__).parent
_RULE = re.compile(r"^@rule\ndef ([a-z]\w*)\(", re.MULTILINE)


def _digests(rules: str) -> dict[str, str]:
    """What every rule returns, from a process of its own with rules ``compiled`` or as plain ``python``."""
    environment = {**os.environ, "FOTA_SIM_RULES": rules}
    done = subprocess.run(
        [sys.executable, str(_HERE / "rules_digest.py")], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["compiled"] == (rules == "compiled")
    return answer["digests"]


@pytest.fixture(scope="module")
def compiled():
    return _digests("compiled")


@pytest.fixture(scope="module")
def plain():
    return _digests("python")


@pytest.mark.parametrize("name", [*map(name_of, CASES), "draws.fill_uniform"])
def test_a_rule_gives_the_same_bits_compiled_and_as_plain_python(name, compiled, plain):
    assert compiled[name] == plain[name]


def test_every_public_rule_is_compared():
    written = {
        f"{file.stem}.{name}"
        for file in Path(fota_sim.rules.__path__[0]).glob("*.py")
        for name in _RULE.findall(file.read_text(encoding="utf-8"))
    }
    of_the_protocol = {f"ota.{name}" for name, value in vars(ota).items() if isinstance(value, FunctionType)}
    assert written | of_the_protocol == {name_of(rule) for rule in CASES}
