"""Lists that would go stale if nobody looked: each package's table of contents, and where a change belongs."""

from __future__ import annotations

import contents
import pytest

PACKAGES = {path.relative_to(contents.PACKAGE.parent).as_posix(): path for path in contents.packages()}
_MISSING = {"fota_sim/engines/compiled", "fota_sim/engines/reference", "fota_sim/protocol", "fota_sim/rules"}
"""Packages without a whole table yet. Who writes one takes its package out here: the test then fails for passing."""


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.xfail(strict=True)) if name in _MISSING else name
        for name in sorted(PACKAGES)
    ],
)
def test_a_packages_docstring_names_each_of_its_modules_and_no_other(name: str) -> None:
    rows = contents.contents(PACKAGES[name]).rows
    members = contents.members(PACKAGES[name])
    assert set(rows) == members, f"python docs/contents.py puts the missing ones into {name}/__init__.py"
    assert all(text.strip() for text in rows.values())


def test_every_package_is_looked_at() -> None:
    assert len(PACKAGES) > 25
    assert set(PACKAGES) > _MISSING


def test_what_is_missing_is_put_in_and_what_is_gone_is_left_out(tmp_path) -> None:
    package = tmp_path / "pack"
    (package / "inner").mkdir(parents=True)
    (package / "inner" / "__init__.py").write_text('"""An inner package. It has more to say."""\n')
    (package / "kept.py").write_text('"""Not what the table says."""\n')
    (package / "fresh.py").write_text('"""QuecThing lines, told: one by one.\n\nAnd more.\n"""\n')
    init = package / "__init__.py"
    table = "====  ====\n``gone``  was here\n``kept``  in words\n          of its own\n====  ===="
    init.write_text(f'"""A pack.\n\n{table}\n\nAfter.\n"""\nX = 1\n')
    assert contents.replace_docstring(init, contents.written(contents.completed(package)))
    assert init.read_text().splitlines()[:8] == [
        '"""A pack.',
        "",
        "===============  " + "=" * 73,
        "``kept``         in words of its own",
        "``fresh``        QuecThing lines, told: one by one",
        "``inner``        an inner package",
        "===============  " + "=" * 73,
        "",
    ]
    assert init.read_text().endswith('\n\nAfter.\n"""\nX = 1\n')
    assert not contents.replace_docstring(init, contents.written(contents.completed(package)))
