"""Precision, recall and speed of the secret rules, beside detect-secrets on the same texts in the same run.

Run: python benchmarks/secret_finding.py [MEGABYTES]. The labelled texts are those of the tests: made from a fixed seed,
never valid. A text counts as found if a tool reports anything in it: rules of the two have different names. Speed is
taken on Python's own library, once in texts of a megabyte and once a file at a time, as a disk is searched.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from poise.secrets.scan import MOST_BYTES, scan_text
from tests.secrets.labelled import INNOCENT, SECRETS

KEY = b"0" * 32


def ours(text: str) -> bool:
    """Tell whether Poise finds a secret."""
    return bool(scan_text(text, KEY).hits)


def theirs(text: str) -> bool:
    """Tell whether detect-secrets finds one, with all its plug-ins and filters at their defaults."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(text)
        file.flush()
        return any(True for _ in _scanned(file.name))


def _scanned(path: str) -> Iterator[object]:
    from detect_secrets.core.scan import scan_file
    from detect_secrets.settings import default_settings

    with default_settings():
        yield from scan_file(path)


def measure(name: str, finds: Callable[[str], bool]) -> None:
    """Print precision and recall on the labelled texts."""
    hits = sum(finds(text) for _, _, text, _ in SECRETS)
    false = sum(finds(text) for text in INNOCENT)
    precision = hits / (hits + false) if hits + false else 1.0
    print(f"{name}: recall {hits}/{len(SECRETS)} = {hits / len(SECRETS):.3f}, false {false}/{len(INNOCENT)}, ", end="")
    print(f"precision {precision:.3f}")


def library() -> list[str]:
    """Return the files of Python's own library, what a source tree looks like."""
    return [path.read_text("utf-8", "replace") for path in sorted(Path(os.__file__).parent.rglob("*.py"))]


def ordinary(files: list[str], megabytes: int) -> list[str]:
    """Return texts of about a megabyte, made of files, with a secret in each."""
    dice = random.Random(3)
    texts: list[str] = []
    parts: list[str] = []
    for file in files:
        parts.append(file)
        if sum(map(len, parts)) > 1_000_000:
            texts.append("\n".join([*parts, dice.choice(SECRETS)[2]]))
            parts = []
        if len(texts) == megabytes:
            break
    return texts


def speed(name: str, finds: Callable[[str], bool], texts: list[str]) -> float:
    """Print megabytes a CPU second."""
    size = sum(len(text) for text in texts)
    begun = time.process_time()
    found = sum(finds(text) for text in texts)
    seconds = time.process_time() - begun
    print(
        f"{name}: {size / 1e6:.1f} MB in {seconds:.2f} CPU s = {size / 1e6 / seconds:.2f} MB/s, found in {found} texts"
    )
    return size / seconds


def main() -> None:
    """Measure both."""
    measure("poise", ours)
    measure("detect-secrets", theirs)
    files = library()
    texts = ordinary(files, int(sys.argv[1]) if len(sys.argv) > 1 else 20)
    assert all(len(text) < MOST_BYTES for text in texts)
    fast = speed("poise, texts of a megabyte", ours, texts)
    speed("poise, a file at a time", ours, files)
    slow = speed("detect-secrets", theirs, texts[:1])
    print(f"poise is {fast / slow:.0f} times as fast")


if __name__ == "__main__":
    main()
