"""No rule without a test that calls it by its name."""

import re
from pathlib import Path
from types import FunctionType

import pytest

import fota_sim.rules
from fota_sim.rules import lifecycle, ota, share

RULE = re.compile(r"^@rule\ndef ([a-z]\w*)\(", re.MULTILINE)
WRITTEN = [
    (file.stem, name)
    for file in sorted(Path(fota_sim.rules.__path__[0]).glob("*.py"))
    for name in RULE.findall(file.read_text(encoding="utf-8"))
]
PLAIN = [
    (module.__name__.rpartition(".")[2], name)
    for module in (lifecycle, ota, share)
    for name, value in vars(module).items()
    if isinstance(value, FunctionType) and value.__module__ == module.__name__
]
"""Rules that the protocol and the scenario use as well, without numba."""
TESTS = "\n".join(
    file.read_text(encoding="utf-8")
    for file in Path(__file__).parent.glob("test_rules_*.py")
    if file.name != "test_rules_same_bits.py"  # it calls each, and cannot see that it is wrong
)


@pytest.mark.parametrize(("module", "name"), WRITTEN + PLAIN)
def test_a_rule_is_called_by_its_tests(module, name):
    assert re.search(rf"\b{name}[()]", TESTS), f"no test calls {module}.{name}, or hands it on"
