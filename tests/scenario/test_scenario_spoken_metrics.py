"""What metrics are called within sentences."""

from __future__ import annotations

from fota_sim.scenario.metrics import METRICS, spoken


def test_no_label_within_a_sentence_has_a_comma_before_its_whole():
    said = {spoken(each.label) for each in METRICS.values()}
    assert not [text for text in said if ", of " in text]
    assert "upgraded of the targeted" in said
    assert "upgraded per hour in the middle 90 % of upgrades" in said
    assert len(said) == len(METRICS)  # each is still told from all others
