"""Azure snapshots by their address: ranges, refusals, and nothing that shows the signature."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poise.disk.sandbox import Job, read_confined
from poise.disk.source.block import BLOCK_BYTES, BlockUnread
from poise.disk.source.cache import CachedSource
from poise.disk.source.sas import SasBlocks, page_ranges
from poise.model.errors import BadInput, UsageError
from tests.disk import machines
from tests.disk.machines import IDENTITY, PACKAGES

ADDRESS = "https://md-1.blob.storage.azure.net/x/abcd?sv=2021&sig=SECRET%2Bsignature"


def blob(content: bytes) -> httpx.Client:
    """A page blob that answers as "Get Page Ranges" and "Get Blob" say; every second MiB was written in pieces."""

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.params["sig"] == "SECRET+signature"
        if request.url.params.get("comp") == "pagelist":
            return _ranges(content, request.url.params.get("marker", ""))
        begin, end = request.headers["x-ms-range"].removeprefix("bytes=").split("-")
        part = content[int(begin) : int(end) + 1]
        return httpx.Response(206, content=part, headers={"content-range": f"bytes {begin}-{end}/{len(content)}"})

    return httpx.Client(transport=httpx.MockTransport(answer))


def _ranges(content: bytes, marker: str) -> httpx.Response:
    step = BLOCK_BYTES // 2
    begin = int(marker or 0)
    found = [at for at in range(0, len(content), step) if any(content[at : at + step])][begin : begin + 50]
    body = "".join(f"<PageRange><Start>{at}</Start><End>{at + step - 1}</End></PageRange>" for at in found)
    more = f"<NextMarker>{begin + 50}</NextMarker>" if len(found) == 50 else "<NextMarker/>"
    return httpx.Response(
        200,
        text=f'<?xml version="1.0"?><PageList>{body}'
        f"<ClearRange><Start>0</Start><End>511</End></ClearRange>{more}</PageList>",
    )


def test_the_inventory_is_the_same_through_page_ranges(tmp_path):
    image = machines.ext(machines.write_machine(tmp_path / "root"), tmp_path / "disk.img").read_bytes()
    disk = CachedSource(SasBlocks(blob(image), ADDRESS))

    found = read_confined(Job(identity=IDENTITY, disks=[disk]))

    assert machines.packages(found) == PACKAGES
    assert disk.counters.requests > disk.counters.blocks_read > 0


def test_ranges_that_were_never_written_are_not_asked_for():
    content = bytes(4 * BLOCK_BYTES) + b"x" * BLOCK_BYTES
    blocks = SasBlocks(blob(content), ADDRESS)

    assert [blocks.is_written(index) for index in range(5)] == [False] * 4 + [True]


@pytest.mark.parametrize("status", [302, 403, 404, 500])
def test_a_refusal_does_not_show_the_signature(status):
    client = httpx.Client(
        transport=httpx.MockTransport(
            lambda _: httpx.Response(status, headers={"x-ms-error-code": "Nope", "location": "https://elsewhere"})
        )
    )

    with pytest.raises(BlockUnread, match=f"status {status}, Nope") as refused:
        SasBlocks(client, ADDRESS)
    assert "SECRET" not in f"{refused.value} {refused.value.field}"


def test_no_answer_does_not_show_the_signature():
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"cannot reach {request.url}")

    with pytest.raises(BlockUnread) as problem:
        SasBlocks(httpx.Client(transport=httpx.MockTransport(fail)), ADDRESS)
    assert "SECRET" not in str(problem.value)


@pytest.mark.parametrize("address", ["http://elsewhere.example/x?sig=1", "ftp://127.0.0.1/x", "file:///etc/passwd"])
def test_a_signature_is_sent_over_tls_alone(address):
    with pytest.raises(UsageError, match="https"):
        SasBlocks(httpx.Client(), address)


@settings(max_examples=200)
@given(st.binary(max_size=400).map(lambda body: b"<PageList>" + body + b"</PageList>") | st.binary(max_size=200))
def test_a_malformed_list_of_ranges_is_bad_input_at_worst(content):
    try:
        ranges, marker = page_ranges(content)
    except BadInput:
        return
    assert all(start <= end for start, end in ranges)
    assert isinstance(marker, str)
