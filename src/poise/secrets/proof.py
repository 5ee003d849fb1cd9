"""Tests of a matched text: entropy, checksums, inner structure, and texts that only stand for a secret."""

from __future__ import annotations

import base64
import binascii
import math
import re
import zlib
from collections import Counter

import msgspec

BASE62 = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
STAND_INS = re.compile(
    rb"example|changeme|change[_-]me|changeit|placeholder|redacted|your[_-]?|<[^>]*>|insert[_-]|replace[_-]?(?:me|with)"
    rb"|\*{4}|\.{4}|x{6}|0{8}|1234567890123|todo|dummy|fill[_-]?me",
    re.IGNORECASE,
)
"""Words and runs of texts that stand for a secret, as in documentation.

``example`` covers the key pair of AWS's own documentation (AKIAIOSFODNN7EXAMPLE): nobody can sign in with it.
"""
ONE_CHARACTER = re.compile(rb"(.)\1*", re.DOTALL)


def entropy(text: bytes) -> float:
    """Return Shannon's entropy of a text, in bits a byte."""
    size = len(text)
    return -sum(n / size * math.log2(n / size) for n in Counter(text).values()) if size else 0.0


def is_random(text: bytes, bits: float = 3.0) -> bool:
    """Whether a text is as mixed as a generated key: enough entropy, and no stand-in."""
    return not stands_in(text) and entropy(text) >= bits


def is_key_material(text: bytes) -> bool:
    """Whether a text is as mixed as base64 of random bytes: both cases and digits, and much entropy."""
    mixed = any(c in b"0123456789" for c in text) and text.lower() != text and text.upper() != text
    return mixed and is_random(text, 3.5)


def stands_in(text: bytes) -> bool:
    """Whether a text only stands for a secret: a word of documentation, or one character over and over."""
    return STAND_INS.search(text) is not None or ONE_CHARACTER.fullmatch(text) is not None


def is_no_stand_in(text: bytes) -> bool:
    """Whether a text may be a real secret."""
    return not stands_in(text)


def has_crc32(token: bytes) -> bool:
    """Whether the last six characters of a token are the base-62 CRC-32 of those behind its prefix.

    Source: GitHub blog, "Behind GitHub's new authentication token formats" (2021); npm took over the format.
    """
    body = token.split(b"_", 1)[1]
    value, digits = zlib.crc32(body[:-6]), b""
    while value:
        value, rest = divmod(value, 62)
        digits = BASE62[rest : rest + 1] + digits
    return digits.rjust(6, b"0") == body[-6:]


def is_web_token(token: bytes) -> bool:
    """Whether a text is a signed JSON web token: its header names an algorithm (RFC 7519)."""
    header = decoded_json(token.split(b".")[0])
    return isinstance(header, dict) and str(header.get("alg", "none")).lower() != "none"


def is_entra_token(token: bytes) -> bool:
    """Whether a JSON web token was issued by Microsoft Entra ID."""
    if not is_web_token(token):
        return False
    claims = decoded_json(token.split(b".")[1])
    issuer = str(claims.get("iss", "")) if isinstance(claims, dict) else ""
    return issuer.startswith(("https://sts.windows.net/", "https://login.microsoftonline."))


def decoded_json(part: bytes) -> object:
    """Return the JSON value of a base64url text, or None."""
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return None


def is_encrypted_key(block: bytes) -> bool:
    """Whether a PEM private key is protected by a passphrase that must be known as well."""
    return b"ENCRYPTED" in block[:200]


def is_open_private_key(block: bytes) -> bool:
    """Whether a PEM block is a private key that opens with no passphrase."""
    return not is_encrypted_key(block) and is_no_stand_in(block)
