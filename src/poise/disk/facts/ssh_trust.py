"""Keys that open accounts, private keys, and servers that were spoken to; never a key itself.

Sources: sshd(8) (AUTHORIZED_KEYS FILE FORMAT, SSH_KNOWN_HOSTS FILE FORMAT), OpenSSH's PROTOCOL.key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import struct
from collections.abc import Iterator

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from poise.disk.facts.accounts import read_users
from poise.disk.facts.reading import Line, Reading
from poise.disk.facts.redact import MOST_SHOWN
from poise.disk.facts.ssh_server import read_ssh_server
from poise.disk.tree import Unreadable
from poise.model.errors import BadInput
from poise.model.host.accounts import User
from poise.model.host.ssh import AuthorizedKey, KnownHost, PrivateKey

KEY = re.compile(r"(?P<type>(?:ssh|ecdsa|sk)-[\w@.-]+) (?P<key>AAAA[A-Za-z0-9+/]+={0,2})(?: (?P<comment>.*))?$")
PEM = re.compile(rb"-----BEGIN ((?:[A-Z]+ )*)PRIVATE KEY-----(.*?)-----END", re.DOTALL)
OPENSSH_MAGIC = b"openssh-key-v1\0"
MOST_KEY = 64 << 10
DEFAULT_FILES = ".ssh/authorized_keys .ssh/authorized_keys2"


def read_authorized_keys(reading: Reading) -> tuple[AuthorizedKey, ...]:
    """Return the keys of every user, from where the server looks for them. Raises :class:`Unreadable`."""
    server = reading.once(read_ssh_server)
    patterns = (server.settings["authorizedkeysfile"] if server else DEFAULT_FILES).split()
    found: list[AuthorizedKey] = []
    for user in reading.once(read_users):
        for path in dict.fromkeys(_place(pattern, user) for pattern in patterns if pattern != "none"):
            found += [key for line in _lines(reading, path) if (key := to_authorized_key(line, user.name))]
    return reading.first("authorized keys", "keys", found, reading.limits.entries)


def read_private_keys(reading: Reading) -> tuple[PrivateKey, ...]:
    """Return the private keys in the `.ssh` folders of users and in `/etc/ssh`. Raises :class:`Unreadable`."""
    places = [*reading.files("/etc/ssh"), *(p for folder in _ssh_folders(reading) for p in _files(reading, folder))]
    found = (_private_key(reading, path) for path in dict.fromkeys(places) if not path.endswith(".pub"))
    return reading.first("private keys", "keys", [key for key in found if key], reading.limits.entries)


def read_known_hosts(reading: Reading) -> tuple[KnownHost, ...]:
    """Return the servers in the lists of users and of the machine. Raises :class:`Unreadable`."""
    lists = [("", "/etc/ssh/ssh_known_hosts")]
    lists += [(user.name, f"{user.home.rstrip('/')}/.ssh/known_hosts") for user in reading.once(read_users)]
    found = [host for user, path in lists for line in _lines(reading, path) for host in _known_hosts(line, user)]
    return reading.first("known hosts", "servers", list(dict.fromkeys(found)), reading.limits.entries)


def to_authorized_key(line: Line, user: str) -> AuthorizedKey | None:
    """Return the key of a line, or None if the line holds none."""
    start = next(
        (m.start() for m in re.finditer(r"(?:ssh|ecdsa|sk)-", line.text) if _is_outside(line.text[: m.start()])), 0
    )
    match = KEY.match(line.text[start:])
    blob = _decoded(match["key"]) if match else None
    if match is None or blob is None:
        return None
    options = tuple(_options(line.text[:start].strip()))
    return AuthorizedKey(
        user=user,
        type=match["type"],
        fingerprint=fingerprint(blob),
        md5=hashlib.md5(blob, usedforsecurity=False).hexdigest(),
        bits=_bits(blob),
        options=options,
        comment=(match["comment"] or "")[:MOST_SHOWN],
        is_authority="cert-authority" in (option.lower() for option in options),
        place=line.place,
    )


def fingerprint(blob: bytes) -> str:
    """Return the SHA-256 of a public key as OpenSSH prints it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def public_half(pem: bytes) -> tuple[bytes | None, bool]:
    """Return the public key of a private one in SSH's form, or None if unknown, and whether it is encrypted."""
    match = PEM.search(pem)
    if match is None:
        raise BadInput("no private key")
    if match[1] == b"OPENSSH ":
        return _of_openssh(match[2])
    if b"ENCRYPTED" in match[1] or b"ENCRYPTED" in match[2][:200]:
        return None, True
    try:
        key = load_pem_private_key(
            pem[match.start() :].split(b"-----END")[0] + b"-----END " + match[1] + b"PRIVATE KEY-----\n", None
        )
        line = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None, False
    return _decoded(line.split()[1].decode()), False


def _of_openssh(body: bytes) -> tuple[bytes | None, bool]:
    data = _decoded(b"".join(body.split()).decode("latin-1"))
    if data is None or not data.startswith(OPENSSH_MAGIC):
        return None, False
    try:
        cipher, at = _string(data, len(OPENSSH_MAGIC))
        for _ in range(2):
            _, at = _string(data, at)
        public, _ = _string(data, at + 4)
    except struct.error:
        return None, False
    return public or None, cipher != b"none"


def _string(data: bytes, at: int) -> tuple[bytes, int]:
    (size,) = struct.unpack_from(">I", data, at)
    return data[at + 4 : at + 4 + size], at + 4 + size


def _private_key(reading: Reading, path: str) -> PrivateKey | None:
    facts = reading.facts(path)
    try:
        with reading.open(path) as file:
            public, encrypted = public_half(file.read(MOST_KEY))
    except Unreadable as problem:
        reading.miss(path, problem.reason)
        return None
    except BadInput:
        return None
    assert facts is not None
    return PrivateKey(
        place=path,
        type=_string(public, 0)[0].decode("utf-8", "replace") if public and len(public) > 4 else "unknown",
        encrypted=encrypted,
        fingerprint=fingerprint(public) if public else None,
        md5=hashlib.md5(public, usedforsecurity=False).hexdigest() if public else None,
        is_host_key=path.startswith("/etc/ssh/ssh_host_"),
        mode=facts.mode,
        uid=facts.uid,
    )


def _known_hosts(line: Line, user: str) -> Iterator[KnownHost]:
    text = re.sub(r"^@[\w-]+\s+", "", line.text)
    names, _, rest = text.partition(" ")
    match = KEY.match(rest.strip())
    blob = _decoded(match["key"]) if match else None
    if match is None or blob is None:
        return
    for name in names.split(",")[:10]:
        host = "" if name.startswith("|") else name
        yield KnownHost(user=user, host=host, type=match["type"], fingerprint=fingerprint(blob))


def _place(pattern: str, user: User) -> str:
    path = pattern.replace("%u", user.name).replace("%h", user.home).replace("%U", str(user.uid)).replace("%%", "%")
    return path if path.startswith("/") else f"{user.home.rstrip('/')}/{path}"


def _ssh_folders(reading: Reading) -> list[str]:
    return list(dict.fromkeys(f"{user.home.rstrip('/')}/.ssh" for user in reading.once(read_users) if user.home))


def _files(reading: Reading, folder: str) -> list[str]:
    try:
        return reading.files(folder)
    except Unreadable as problem:
        reading.miss(folder, problem.reason)
        return []


def _lines(reading: Reading, path: str) -> list[Line]:
    try:
        return reading.lines(path)
    except Unreadable as problem:
        reading.miss(path, problem.reason)
        return []


def _is_outside(text: str) -> bool:
    """Whether a place behind this text is outside of quotes and begins a word."""
    return text.replace('\\"', "").count('"') % 2 == 0 and (not text or text[-1] in " \t")


def _options(text: str) -> Iterator[str]:
    for option in re.findall(r'[^\s,"]+(?:"(?:[^"\\]|\\.)*")?', text):
        yield re.sub(r'(?i)^(environment="\w+=).*', r'\1..."', option)[:MOST_SHOWN]


def _bits(blob: bytes) -> int | None:
    """Return the size of an RSA or DSA key: of its modulus, which is behind the exponent for RSA."""
    try:
        kind, at = _string(blob, 0)
        if kind == b"ssh-rsa":
            _, at = _string(blob, at)
        elif kind != b"ssh-dss":
            return None
        number, _ = _string(blob, at)
    except struct.error:
        return None
    return int.from_bytes(number, "big").bit_length()


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
