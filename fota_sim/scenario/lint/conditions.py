"""Conditions that are hardly meant as they are judged."""

from __future__ import annotations

from collections.abc import Iterator

from fota_sim.quoting import quoted
from fota_sim.scenario.checks import conditions_of
from fota_sim.scenario.device_rows.cells import is_number
from fota_sim.scenario.lint.facts import Facts, Finding
from fota_sim.scenario.predicate import as_name, parse_predicate


def numbers_as_text(facts: Facts) -> Iterator[Finding]:
    """An order of texts that are numbers."""
    for where, text in conditions_of(facts.scenario):
        for each in parse_predicate(text).comparisons:
            value = each.said.value
            if each.op in ("<", "<=", ">", ">=") and isinstance(value, str) and is_number(value):
                name = as_name(each.name)
                message = (
                    f'{name} {each.op} {quoted(value)} goes by letters, in which "10" comes before "2"; list what is '
                    f'meant, {name} in ["{value}", ...]'
                )
                yield where, message
