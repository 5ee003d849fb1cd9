"""Files that people wrote: what cannot be read, is too large or is no text is told with the file's name."""

from pathlib import Path

import pytest

from poise.collect.files import content_of, text_of
from poise.model.errors import BadInput, UsageError


def test_a_file_is_read_as_it_is(tmp_path):
    (tmp_path / "a").write_bytes("grün\r\n".encode())

    assert content_of(tmp_path / "a") == b"gr\xc3\xbcn\r\n"
    assert text_of(tmp_path / "a") == "grün\r\n"


def test_a_file_may_be_as_large_as_the_limit_and_no_larger(tmp_path):
    (tmp_path / "a").write_bytes(b"1234")

    assert content_of(tmp_path / "a", 4) == b"1234"
    with pytest.raises(BadInput, match="a is larger than 3 bytes"):
        content_of(tmp_path / "a", 3)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="the system has no endless device")
def test_a_device_that_never_ends_is_left_at_the_limit():
    with pytest.raises(BadInput, match="larger than 1,000 bytes"):
        content_of(Path("/dev/zero"), 1_000)


def test_what_is_not_there_or_no_file_is_named(tmp_path):
    with pytest.raises(UsageError, match="nowhere cannot be read: No such file"):
        text_of(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="cannot be read: Is a directory"):
        text_of(tmp_path)


def test_what_is_no_text_is_told_with_the_byte(tmp_path):
    (tmp_path / "a").write_bytes(b"ab\xff")

    with pytest.raises(BadInput, match=r"a is no text in UTF-8: .* at byte 2"):
        text_of(tmp_path / "a")
