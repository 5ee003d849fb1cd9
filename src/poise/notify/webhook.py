"""Webhooks: JSON that is signed, so that its receiver knows whom it is from, and that it is new.

The receiver computes HMAC-SHA256 with the shared secret over ``TIMESTAMP.BODY``, where the timestamp is the header
``Poise-Timestamp`` (seconds since 1970) and the body its bytes as sent; the header ``Poise-Signature`` is ``v1=`` and
the sum in hexadecimal. It refuses what is older than a few minutes. ``Poise-Delivery`` is the same for the same
message, however often it is sent; letters outside of ASCII are percent-encoded in it.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec

from poise.model.notice import Notice
from poise.notify.calling import Caller, require_taken

VERSION = 1
"""Of the JSON; fields are added freely and never renamed."""


def body_of(notice: Notice) -> bytes:
    """Return the JSON of a message."""
    values: dict[str, Any] = msgspec.to_builtins(notice)
    return msgspec.json.encode({"format_version": VERSION, **values})


def signature(key: bytes, timestamp: str, body: bytes) -> str:
    """Return the header that signs a body."""
    return "v1=" + hmac.new(key, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def is_signed(key: bytes, timestamp: str, body: bytes, given: str) -> bool:
    """Whether a signature is the one of a body; takes as long for any."""
    return hmac.compare_digest(signature(key, timestamp, body), given)


def send(caller: Caller, url: str, notice: Notice, signing: tuple[str, bytes | None, datetime]) -> None:
    """Send a message; ``signing`` is its key as a delivery, the shared secret, and the time.

    Raises :class:`NotDelivered`.
    """
    delivery, key, now = signing
    body = body_of(notice)
    timestamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "Poise-Timestamp": timestamp,
        "Poise-Delivery": quote(delivery, safe=":@+/"),
    }
    headers |= {"Poise-Event": notice.event.value}
    if key:
        headers["Poise-Signature"] = signature(key, timestamp, body)
    require_taken(caller.call("POST", url, headers, body), "The webhook")
