from pathlib import Path

import pytest
from report_world import Results, make_results


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A result of every kind, with texts that are markup."""
    return make_results(tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="session")
def pages(results: Results, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report of each, by kind."""
    from fota_sim.cli.main import exit_code

    home = tmp_path_factory.mktemp("pages")
    found = {}
    for kind, folder in results.folders().items():
        found[kind] = home / f"{kind}.html"
        assert exit_code(["report", str(folder), "--output", str(found[kind])]) == 0
    return found
