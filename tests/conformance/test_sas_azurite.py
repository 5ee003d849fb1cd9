"""A machine is read through Azurite, by page ranges and a signature."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import quote, urlsplit

import httpx
import pytest

from poise.disk.sandbox import Job, read_confined
from poise.disk.source.block import BLOCK_BYTES, BlockUnread
from poise.disk.source.cache import CachedSource
from poise.disk.source.sas import VERSION, SasBlocks
from tests.azurite import ACCOUNT, KEY, azurite_url
from tests.disk import machines
from tests.disk.machines import IDENTITY, PACKAGES

__all__ = ["azurite_url"]
pytestmark = pytest.mark.server
PIECE = 256 * 1024


def digest(text: str) -> str:
    return base64.b64encode(hmac.new(base64.b64decode(KEY), text.encode(), hashlib.sha256).digest()).decode()


def put(url: str, headers: dict[str, str], body: bytes = b"") -> None:
    """Make a signed call ("Authorize with Shared Key", Blob service REST reference)."""
    parts = urlsplit(url)
    headers |= {"x-ms-date": format_datetime(datetime.now(UTC), usegmt=True), "x-ms-version": VERSION}
    named = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers) if name.startswith("x-ms-"))
    asked = "".join(f"\n{pair.replace('=', ':')}" for pair in sorted(parts.query.split("&")) if pair)
    length = str(len(body)) if body else ""
    text = f"PUT\n\n\n{length}\n\n\n\n\n\n\n\n\n{named}/{ACCOUNT}{parts.path}{asked}"
    headers["authorization"] = f"SharedKey {ACCOUNT}:{digest(text)}"
    answer = httpx.put(url, headers=headers, content=body)
    assert answer.status_code in (201, 202), answer.text


def signed(url: str, blob: str, lives: timedelta) -> str:
    """Return an address that may read a blob ("Create a service SAS")."""
    expiry = (datetime.now(UTC) + lives).strftime("%Y-%m-%dT%H:%M:%SZ")
    fields = ["r", "", expiry, f"/blob/{ACCOUNT}/{blob}", "", "", "", VERSION, "b", "", "", "", "", "", "", ""]
    signature = quote(digest("\n".join(fields)), safe="")
    return f"{url}/{blob}?sp=r&se={quote(expiry)}&sv={VERSION}&sr=b&sig={signature}"


@pytest.fixture(scope="module")
def disk_url(azurite_url, tmp_path_factory) -> str:
    root = machines.write_machine(tmp_path_factory.mktemp("root"))
    content = machines.ext(root, tmp_path_factory.mktemp("disk") / "disk.img").read_bytes()
    put(f"{azurite_url}/disks?restype=container", {})
    blob = f"{azurite_url}/disks/snapshot.vhd"
    put(blob, {"x-ms-blob-type": "PageBlob", "x-ms-blob-content-length": str(len(content))})
    for start in range(0, len(content), PIECE):
        piece = content[start : start + PIECE]
        if any(piece):
            span = f"bytes={start}-{start + len(piece) - 1}"
            put(f"{blob}?comp=page", {"x-ms-page-write": "update", "x-ms-range": span}, piece)
    return azurite_url


def test_the_inventory_is_the_same_through_a_signature(disk_url):
    with httpx.Client() as client:
        disk = CachedSource(SasBlocks(client, signed(disk_url, "disks/snapshot.vhd", timedelta(hours=1))))
        found = read_confined(Job(identity=IDENTITY, disks=[disk]))

    assert machines.packages(found) == PACKAGES
    assert disk.counters.bytes_read < disk.size
    assert disk.counters.blocks_read < disk.size // BLOCK_BYTES


def test_a_signature_that_ended_is_refused(disk_url):
    with httpx.Client() as client, pytest.raises(BlockUnread, match="status 403"):
        SasBlocks(client, signed(disk_url, "disks/snapshot.vhd", timedelta(hours=-1)))
