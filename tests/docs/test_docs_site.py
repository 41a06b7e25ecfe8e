"""The site builds without a warning, and loads nothing from elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


class Loaded(HTMLParser):
    """What a browser fetches when it shows a page; links that a reader may follow are not among it."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wanted = {"a": None, "link": "href", "form": None}.get(tag, "src")
        self.addresses += [value or "" for name, value in attrs if name == wanted]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_every_page_of_the_menu_is_there(site: Path) -> None:
    names = re.findall(r"^ *- .+: (\w+)\.md$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(names) > 10
    assert [name for name in names if not (site / f"{name}.html").is_file()] == []


def test_every_document_is_in_the_menu() -> None:
    menu = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert [path.name for path in (ROOT / "docs").glob("*.md") if path.name not in menu] == []


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    pages = list(site.glob("*.html"))
    assert len(pages) > 10
    for page in pages:
        loaded = Loaded()
        loaded.feed(page.read_text(encoding="utf-8"))
        assert loaded.addresses
        assert [each for each in loaded.addresses if "//" in each] == []
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert "url(http" not in styles
    assert "@import" not in styles


def test_scenarios_can_be_opened_from_the_site(site: Path) -> None:
    links = re.findall(r'href="(scenarios/[^"]+)"', (site / "library.html").read_text(encoding="utf-8"))
    assert len(links) > 10
    assert [link for link in links if not (site / link).is_file()] == []


def test_no_program_is_in_the_site(site: Path) -> None:
    assert [*site.rglob("*.py"), *site.rglob("*.sh")] == []


def test_notebooks_are_pages_with_their_pictures(site: Path) -> None:
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert notebooks
    for path in notebooks:
        page = (site / f"{path.stem}.html").read_text(encoding="utf-8")
        pictures = re.findall(r'src="([^"]+_output_[^"]+)"', page)
        assert pictures
        assert [name for name in pictures if not (site / name).is_file()] == []
        assert f'href="notebooks/{path.name}"' in page
    assert 'href="01_first_run.html"' in (site / "overview.html").read_text(encoding="utf-8")


def test_a_picture_is_not_squeezed_into_a_narrow_page() -> None:
    styles = (ROOT / "docs" / "site.css").read_text(encoding="utf-8")
    assert re.search(r"p > img \{[^}]*min-width", styles)
