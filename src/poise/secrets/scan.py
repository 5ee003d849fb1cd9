"""Scans texts for secrets in memory and returns what may be kept of them: rule, place, fingerprint, last four.

Decided, and tested: documentation's stand-ins (`changeme`, `<password>`, `${VAR}`, AWS's AKIAIOSFODNN7EXAMPLE) are
no secrets; passphrase-protected private keys are none; references to a secret store are none. A variable
`DB_PASSWORD=hunter2` is one however weak it is.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterator, Mapping

import msgspec

from poise.model.secret import ScannedText, SecretHit
from poise.secrets import encoded, engine
from poise.secrets.assignments import named
from poise.secrets.rule import Candidate
from poise.secrets.text import Text

MOST_BYTES = 4 * 1024 * 1024
"""Most of one text that is scanned; what lies beyond is counted in ``ScannedText.unscanned``."""
DEEPEST = 3
"""How many wrappings inside each other are opened."""
LEAST_SHOWN = 12
"""A secret shorter than this shows none of its characters."""


def scan_text(text: str, key: bytes, names: Collection[str] | None = None) -> ScannedText:
    """Scan a text; ``key`` is the store's key for fingerprints, ``names`` the rules to use (all by default)."""
    data = text.encode("utf-8", "surrogatepass")
    return _scanned(len(text), data, key, tuple(_hits(data[:MOST_BYTES], key, "", names)))


def scan_variables(variables: Mapping[str, str], key: bytes) -> ScannedText:
    """Scan environment variables; the place of a secret is the name of its variable."""
    ordered = sorted(variables.items())
    hits = [hit for name, value in ordered for hit in _in_variable(name, value[:MOST_BYTES], key)]
    length = sum(len(name) + len(value) for name, value in ordered)
    over = sum(max(0, len(value) - MOST_BYTES) for _, value in ordered)
    kept = _scanned(length, msgspec.json.encode(ordered), key, tuple(hits))
    return msgspec.structs.replace(kept, unscanned=over)


def _scanned(length: int, data: bytes, key: bytes, hits: tuple[SecretHit, ...]) -> ScannedText:
    digest = hmac.new(key, data, hashlib.sha256).hexdigest()
    return ScannedText(length=length, digest=digest, hits=hits, unscanned=max(0, len(data) - MOST_BYTES))


def _hits(
    data: bytes, key: bytes, place: str, names: Collection[str] | None = None, depth: int = DEEPEST
) -> Iterator[SecretHit]:
    """Yield the secrets of a text and of the texts wrapped in it, each once."""
    text = Text(data)
    seen = set()
    for candidate in engine.find(text, names):
        where = place or f"line {_line(data, candidate.start)}"
        yield _hit(candidate, data, key, where)
        seen.add(candidate)
    if depth == 0:
        return
    for offset, inner in encoded.unwrapped(text):
        if not any(c.start <= offset < c.end for c in seen):
            where = place or f"line {_line(data, offset)}, encoded"
            yield from _hits(inner[:MOST_BYTES], key, where, names, depth - 1)


def _in_variable(name: str, value: str, key: bytes) -> Iterator[SecretHit]:
    """Yield the secrets of one variable: those that rules see in `NAME=value`, else the value if the name says so."""
    ahead = len(name.encode("utf-8", "surrogatepass")) + 1
    content = value.encode("utf-8", "surrogatepass")
    data = f"{name}={value}".encode("utf-8", "surrogatepass")
    found = [c for c in engine.find(Text(data)) if c.end > ahead]
    rule = named(name, content)
    if not found and rule is not None:
        found = [Candidate(rule, ahead, len(data))]
    yield from (_hit(candidate, data, key, name) for candidate in found)
    if not found:
        for _, inner in encoded.unwrapped(Text(content)):
            yield from _hits(inner, key, name, depth=DEEPEST - 1)


def _hit(candidate: Candidate, data: bytes, key: bytes, place: str) -> SecretHit:
    secret = data[candidate.start : candidate.end]
    text = secret.decode("utf-8", "replace")
    return SecretHit(
        rule=candidate.rule,
        place=place,
        fingerprint=hmac.new(key, secret, hashlib.sha256).hexdigest()[:12],
        last_four=text[-4:] if len(text) >= LEAST_SHOWN else "",
    )


def _line(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1
