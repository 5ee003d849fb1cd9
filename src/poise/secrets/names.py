"""Tells from the name of a variable, key or option what its value is."""

from __future__ import annotations

import enum
import re

PIECES = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
PASSWORD = ("password", "passwd", "passphrase", "passcode")
SECRET = ("secret", "token", "credential", "credentials", "apikey", "secretkey", "accesskey", "privatekey", "authkey")
KEY_OF = frozenset({
    "api", "access", "private", "secret", "encryption", "signing", "auth", "account", "master", "session", "storage",
    "shared", "app", "application", "license", "ssh", "hmac", "jwt", "crypt", "cipher", "cookie",
})  # fmt: skip
"""Words that make a following `key` a secret one."""
NOT_THE_VALUE = frozenset({
    "name", "names", "id", "ids", "arn", "arns", "path", "file", "filename", "dir", "directory", "folder", "url", "uri",
    "urls", "endpoint", "host", "hostname", "region", "ttl", "expiry", "expire", "expires", "expiration", "expired",
    "length", "len", "size", "min", "max", "policy", "type", "header", "enabled", "enable", "version", "prefix",
    "suffix", "count", "timeout", "rotation", "rotate", "days", "hours", "seconds", "minutes", "interval", "public",
    "ref", "reference", "manager", "provider", "format", "regex", "pattern", "algorithm", "alg", "label",
    "field", "param", "parameter", "location", "bucket", "table", "scope", "scopes", "audience", "issuer", "limit",
    "cache", "required", "reset", "change", "hint", "attempts", "method", "mode", "vault", "class", "error", "message",
    "title", "placeholder", "strength", "encoder", "input", "validator", "source", "kms", "usage", "next", "hash",
    "salt", "alias", "lifetime", "validity", "duration", "digest", "fingerprint", "idx", "index", "sha", "md",
})  # fmt: skip
"""Words that say the value tells about a secret, such as its length or its place, and is none."""


NOT_AT_THE_END = frozenset({
    "bypass", "compass", "encompass", "surpass", "overpass", "underpass",
    "encryption", "auth", "used", "changed", "updated", "created", "at", "on", "date", "age", "last", "supported",
    "needed", "valid", "exists", "set", "store", "rules", "validation", "generation", "generator", "checker", "service",
})  # fmt: skip
"""Words that say so where a name ends in them: `password_last_used`, `PASSWORD_AUTH`."""


class Kind(enum.Enum):
    """What a name promises of its value."""

    PASSWORD = "password"  # noqa: S105 - a word of the product, no password
    SECRET = "secret"  # noqa: S105 - as above
    KEY = "key"


def kind_of(name: str) -> Kind | None:
    """Return what a name promises; None if it promises no secret.

    `DB_PASSWORD`, `clientSecret` and `stripe-key` do; `PASSWORD_MIN_LENGTH`, `secretName`, `TOKEN_URL` do not.
    """
    words = [piece.lower() for piece in PIECES.findall(name)]
    while words and words[-1].isdigit():
        words.pop()
    if not words or words[-1] in NOT_AT_THE_END or NOT_THE_VALUE.intersection(words):
        return None
    if any(word.endswith(PASSWORD) or word == "pwd" for word in words) or words[-1].endswith(("pass", "pwd", "pw")):
        return Kind.PASSWORD
    if any(word.endswith(SECRET) for word in words):
        return Kind.SECRET
    if words[-1] == "key" and KEY_OF.intersection(words[:-1]):
        return Kind.SECRET
    return Kind.KEY if words[-1] == "key" and len(words) > 1 else None
