"""Completion in zsh, whose first Tab gets an answer too.

zsh loads what is installed when Tab is pressed first. Typer's script then only says who completes from now on, so that
Tab proposes nothing; this one also completes if it was a Tab that loaded it.
"""

from __future__ import annotations

from typer import _completion_shared

_AND_NOW = """
if (( ${+compstate} )); then
  %(complete_func)s "$@"
fi
"""


def answer_the_first_tab() -> None:
    """Have ``--install-completion`` and ``--show-completion`` give this script; once in a process."""
    script = _completion_shared.COMPLETION_SCRIPT_ZSH + _AND_NOW
    _completion_shared._completion_scripts["zsh"] = script
