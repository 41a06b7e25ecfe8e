"""What pages show commands to print is what they print; those that take seconds are renewed by docs/outputs.py."""

import pytest
from outputs import DOCS, Shown, printed, shown

QUICK = [each for each in shown() if each.command.startswith("canary ") and ".yaml" not in each.command]


@pytest.mark.parametrize("each", QUICK, ids=lambda each: each.command)
def test_a_page_shows_what_the_command_prints(each: Shown) -> None:
    assert printed(each.command) == each.output, "python docs/outputs.py canary"


def test_every_output_that_is_said_to_be_measured_of_a_command_alone_is_found() -> None:
    said = sum(page.read_text(encoding="utf-8").count("\nMeasured, `fota-sim ") for page in DOCS.glob("*.md"))
    assert said == len(list(shown())) > len(QUICK) > 0
