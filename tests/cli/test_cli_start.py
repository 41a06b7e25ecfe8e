"""Commands that run nothing load nothing heavy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "numba",
    "pandas",
    "pyarrow",
    "matplotlib",
    "scipy",
    "simpy",
    "optuna",
    "SALib",
    "jinja2",
    "panel",
    "bokeh",
    "rich",
)
SCRIPT = """
import sys
from fota_sim.cli.main import exit_code
code = exit_code(sys.argv[2:])
print(code, [name for name in sys.argv[1].split(",") if name in sys.modules], file=sys.stderr)
"""


@pytest.mark.parametrize("argv", [["--help"], ["--version"], ["new", "my.yaml"], ["validate", "my.yaml"], ["schema"]])
def test_heavy_libraries_stay_out(argv: list[str], tmp_path: Path) -> None:
    from fota_sim.scenario.templates import TEMPLATES

    if argv[0] == "validate":
        (tmp_path / "my.yaml").write_text(TEMPLATES[0].text)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, ",".join(HEAVY), *argv],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.stderr.splitlines()[-1] == "0 []"


def test_no_command_loads_them_to_explain_itself() -> None:
    script = """
import sys
from fota_sim.cli.main import app, exit_code
codes = {exit_code([command.name, "--help"]) for command in app.registered_commands}
print(codes, [name for name in sys.argv[1].split(",") if name in sys.modules], file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", script, ",".join(HEAVY)], check=False, capture_output=True, text=True)
    assert done.stderr.splitlines()[-1] == "{0} []"


def test_python_dash_m_is_the_same_command() -> None:
    done = subprocess.run([sys.executable, "-m", "fota_sim", "--version"], check=False, capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stdout.startswith("fota-sim ")


def test_arrow_hears_before_it_is_loaded_where_it_is_to_take_its_memory_from(tmp_path: Path) -> None:
    from fota_sim.scenario.templates import TEMPLATES

    (tmp_path / "my.yaml").write_text(TEMPLATES[0].text)
    script = """
import sys
from fota_sim.cli.main import exit_code
code = exit_code(["run", "my.yaml", "--replications", "1", "--set", "fleet.groups[0].count=3", "--no-write", "--quiet"])
import pyarrow
print(code, pyarrow.default_memory_pool().backend_name, file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.stderr.splitlines()[-1] == "0 system"


def test_ctrl_c_while_the_commands_are_loaded_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    from fota_sim import __main__ as entry

    class Interrupted:
        """A finder that Ctrl-C hits when the command line is looked for."""

        def find_spec(self, name: str, *_: object) -> None:
            if name == "fota_sim.cli.main":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "fota_sim.cli.main", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Interrupted(), *sys.meta_path])
    with pytest.raises(SystemExit) as left:
        entry.main()
    assert left.value.code == 130
