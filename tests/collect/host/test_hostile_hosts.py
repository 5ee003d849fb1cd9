"""Hosts that mean harm: names of files that are options, last words without an end, and letters that move a cursor."""

from __future__ import annotations

import gzip
import io
import tarfile

import pytest

from poise.collect.host.hosts_file import Host
from poise.collect.host.remote_tree import RemoteTree
from poise.collect.host.session import MOST_REASON, Session, Ssh
from poise.model.errors import NotRead


class FakeHost:
    """Has some files, and keeps what it was asked to pack."""

    def __init__(self, *paths: str) -> None:
        self.paths = paths
        self.packed: list[str] = []

    def who(self) -> str:
        return "0\n0\nLinux x86_64\n"

    def mounts(self) -> str:
        return ""

    def link(self, path: str) -> str | None:
        return None

    def walk(self, path: str) -> bytes:
        rows = [
            ("d 755 0 0 0 0", "/", ""),
            ("d 755 0 0 0 0", "/etc", ""),
            *(("f 644 0 0 2 0", path, "") for path in self.paths),
        ]
        return gzip.compress(b"gnu\n" + b"".join(f"{part}\0".encode() for row in rows for part in row))

    def pack(self, paths: list[str]) -> bytes:
        self.packed = list(paths)
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as tar:
            for path in paths:
                entry = tarfile.TarInfo(path)
                entry.size = 2
                tar.addfile(entry, io.BytesIO(b"hi"))
        return gzip.compress(out.getvalue())

    def read(self, path: str) -> bytes | None:
        return None


def test_no_name_of_a_file_is_an_option_of_tar() -> None:
    host = FakeHost("/--checkpoint-action=exec=sh evil.egg-info", "/etc/passwd")
    tree = RemoteTree(host)
    assert host.packed == ["./--checkpoint-action=exec=sh evil.egg-info", "./etc/passwd"]
    assert tree.open("/etc/passwd").read() == b"hi"
    assert tree.open("/--checkpoint-action=exec=sh evil.egg-info").read() == b"hi"


@pytest.mark.parametrize(
    "script",
    [
        "exec 1>&-; exec yes words >&2",
        "exec 1>&-; printf '\\033[2J\\033]0;evil\\007gone\\n' >&2",
        "exec 1>&-; sleep 60",
    ],
)
def test_last_words_are_short_and_plain(tmp_path, script: str) -> None:
    client = tmp_path / "ssh"
    client.write_text(f"#!/bin/sh\n{script}\n")
    client.chmod(0o700)
    with pytest.raises(NotRead) as refused, Session(Host(address="web-1"), Ssh(program=str(client))):
        pass
    assert refused.value.reason.replace(": ", "").isprintable()
    assert len(refused.value.reason) <= MOST_REASON + len("web-1: ")
