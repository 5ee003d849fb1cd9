"""constraints.txt pins everything that Poise, its tests and its tools ask for, and names no host."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


def test_everything_that_is_asked_for_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *(text for texts in project["optional-dependencies"].values() for text in texts)]
    names = {re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", text)[0]).lower() for text in asked}

    assert sorted(names - set(pinned())) == []


def test_pins_are_exact_and_name_no_host():
    text = (ROOT / "constraints.txt").read_text()

    assert "://" not in text
    assert "--" not in text
    assert all(re.fullmatch(r"[0-9][0-9a-z.]*", version) for version in pinned().values())
