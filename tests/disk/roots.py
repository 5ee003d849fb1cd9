"""Small root file systems for tests."""

from pathlib import Path

from poise.disk.facts.limits import Limits
from poise.disk.facts.machine import Identity
from poise.disk.facts.reading import Reading
from poise.disk.folder import FolderTree

ABOUT = Identity(id="host://test", name="test", scope="on-premises")
KEY = b"k" * 32


def put(root: Path, path: str, content: str | bytes = "", mode: int = 0o644) -> Path:
    """Write a file of a root."""
    place = root / path.lstrip("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content if isinstance(content, bytes) else content.encode())
    place.chmod(mode)
    return place


def link(root: Path, path: str, target: str) -> None:
    """Make a link in a root."""
    place = root / path.lstrip("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)


def reading_of(root: Path, limits: Limits | None = None) -> Reading:
    """Return a reading of a root."""
    return Reading(FolderTree(root), limits or Limits())
