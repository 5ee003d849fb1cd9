"""Writes constraints.txt: every package that Poise, its tests and its tools bring, at the version installed now."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
HEAD = "# Every dependency at the version that the tests ran with. Written by `make constraints`.\n"


def pins() -> Iterator[str]:
    """Yield `name==version` of the whole closure, by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    todo = [Requirement(text) for text in (*project["dependencies"], *(t for texts in extras for t in texts))]
    seen: dict[tuple[str, frozenset[str]], str] = {}
    while todo:
        wanted = todo.pop()
        name = re.sub(r"[-_.]+", "-", wanted.name).lower()
        chosen = frozenset(wanted.extras)
        if (name, chosen) in seen:
            continue
        found = distribution(wanted.name)
        seen[name, chosen] = found.version
        needs = (Requirement(text) for text in found.requires or ())
        todo += [r for r in needs if r.marker is None or any(r.marker.evaluate({"extra": e}) for e in ("", *chosen))]
    yield from sorted({f"{name}=={version}" for (name, _), version in seen.items()})


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(HEAD + "".join(f"{pin}\n" for pin in pins()))
