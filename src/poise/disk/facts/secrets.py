"""Secrets in the files of a tree: rule, place, fingerprint and last four characters, never themselves.

Looked into are files that people and programs write: configuration, homes, applications. Not looked into are what
packages of the distribution bring, public certificates, dependencies of applications, and files that cannot be text.
"""

from __future__ import annotations

import codecs
import re

from poise.disk.facts.reading import Reading
from poise.disk.facts.walk import read_walk
from poise.disk.tree import FileFacts, Unreadable
from poise.model.host.secrets import SecretOnDisk
from poise.secrets.scan import scan_text

LOOKED_INTO = (
    "/root/", "/home/", "/srv/", "/opt/", "/etc/", "/var/www/", "/var/lib/cloud/", "/var/lib/jenkins/",
    "/app/", "/data/",
    "/usr/local/", "/usr/src/", "/code/", "/workspace/", "/var/lib/kubelet/", "/var/backups/", "/var/spool/cron/",
    "/tmp/",  # noqa: S108
    "/var/opt/", "/mnt/", "/inetpub/", "/Users/", "/ProgramData/",
)  # fmt: skip
"""Folders whose files are searched, and files right below the root."""
SKIPPED = re.compile(
    r"/(?:node_modules|site-packages|dist-packages|vendor|\.git/objects|\.cache|__pycache__|testdata|\.cargo/registry|"
    r"\.rustup|\.npm/_cacache|go/pkg|__tests__|tests?|lib/python[\d.]+|"
    r"\.m2/repository|\.nuget|gems/[^/]+-\d[^/]*|bower_components|Windows Defender)/"
    r"|^/etc/(?:ssl/certs|ca-certificates|pki/ca-trust|alternatives|apparmor\.d|ssh/moduli)"
    r"|^/usr/local/(?:lib/python|lib/ruby|share/man|share/doc|go/)|^/etc/ssh/ssh_host_|^/etc/(?:shadow|gshadow)-?$"
)
SKIPPED_ENDS = re.compile(
    r"\.(?:jar|war|ear|so(?:\.[\d.]+)?|pyc|pyo|gz|xz|bz2|zst|zip|tgz|7z|rar|png|jpe?g|gif|webp|ico|svg|woff2?|ttf|eot|otf|mp[34]|"
    r"avi|mkv|mov|wav|pdf|exe|dll|o|a|class|wasm|iso|qcow2|vmdk|vhdx?|deb|rpm|apk|whl|egg|node|mo|gmo|db|sqlite3?|pub|map|"
    r"min\.js|min\.css|parquet|npy|pack|idx|lock)$",
    re.IGNORECASE,
)
BINARY_HEAD = 1024
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""What a text in UTF-16 begins with, as PowerShell writes it: its zero bytes make it no binary file."""


def searched(path: str, facts: FileFacts) -> bool:
    """Whether a file is searched for secrets by its path."""
    is_inside = path.startswith(LOOKED_INTO) or path.count("/") == 1
    return is_inside and facts.size_bytes > 0 and not SKIPPED_ENDS.search(path) and not SKIPPED.search(path)


def read_secrets(reading: Reading, key: bytes) -> tuple[list[SecretOnDisk], int, int]:
    """Return the secrets by path, the number of files that were searched, and their bytes."""
    found: list[SecretOnDisk] = []
    files = size = 0
    for path, facts in reading.once(read_walk).files:
        if not searched(path, facts):
            continue
        if size >= reading.limits.secret_bytes:
            reading.miss("secrets", f"more than {reading.limits.secret_bytes} bytes: not searched from {path} on")
            break
        data = _content(reading, path)
        if data is None:
            continue
        files, size = files + 1, size + len(data)
        found += _secrets(data, path, facts, key)
    return found, files, size


def _secrets(data: bytes, path: str, facts: FileFacts, key: bytes) -> list[SecretOnDisk]:
    encoding = "utf-16" if data.startswith(WIDE_MARKS) else "utf-8"
    hits = scan_text(data.decode(encoding, "replace"), key).hits
    return [
        SecretOnDisk(
            rule=hit.rule,
            path=path,
            place=hit.place,
            fingerprint=hit.fingerprint,
            last_four=hit.last_four,
            mode=facts.mode,
            uid=facts.uid,
        )
        for hit in hits
    ]


def _content(reading: Reading, path: str) -> bytes | None:
    """Return the searched part of a file, or None if it is no text or cannot be read, which is noted."""
    most = reading.limits.secret_file_bytes
    try:
        with reading.open(path) as file:
            head = file.read(BINARY_HEAD)
            if b"\0" in head and not head.startswith(WIDE_MARKS):
                return None
            data = head + file.read(most + 1 - len(head))
    except Unreadable as problem:
        reading.miss(path, problem.reason)
        return None
    if len(data) > most:
        reading.miss(path, f"larger than {most} bytes: the rest is not searched for secrets")
    return data[:most]
