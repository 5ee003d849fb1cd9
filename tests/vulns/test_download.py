"""Feeds over TLS from a publisher on loopback: unchanged, broken, too large, elsewhere, and gone on with.

What a server may answer is RFC 9110's: conditions (13), ranges (14), redirects (15.4), entity tags (8.8.3).
"""

from __future__ import annotations

import ssl
from datetime import UTC, datetime

import httpx
import pytest

from poise.model.errors import BadInput
from poise.vulns.download import Fetcher, Limits
from poise.vulns.index import FeedRow
from tests.replay import write_certificate
from tests.vulns.feed_server import serving

NOW = datetime(2026, 11, 25, tzinfo=UTC)
CONTENT = bytes(range(256)) * 4096
PATH = "/npm/all.zip"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return tuple(map(str, write_certificate(tmp_path_factory.mktemp("tls"))))


@pytest.fixture
def publisher(files):
    with serving(files) as one:
        one.files[PATH] = CONTENT
        yield one


@pytest.fixture
def client(files):
    with httpx.Client(verify=ssl.create_default_context(cafile=files[0]), trust_env=False) as one:
        yield one


@pytest.fixture
def take(publisher, client, tmp_path):
    pauses = []

    def go(path=PATH, known=None, **limits):
        fetcher = Fetcher(client, Limits(**limits), pauses.append)
        return fetcher.fetch(publisher.url + path, known, tmp_path / "feed")

    go.pauses = pauses
    return go


def row(publisher, path=PATH):
    return FeedRow(name="f", url=publisher.url + path, etag=publisher.tag(path), fetched=NOW)


def left(tmp_path):
    return sorted(path.name for path in tmp_path.iterdir())


def test_a_feed_is_fetched_once_and_not_sent_again(publisher, take, tmp_path):
    first = take()
    assert (first.is_changed, first.etag, first.bytes) == (True, publisher.tag(PATH), len(CONTENT))
    assert (tmp_path / "feed").read_bytes() == CONTENT
    assert not take(known=row(publisher)).is_changed
    assert publisher.sent == len(CONTENT)
    publisher.files[PATH] = b"newer"
    assert take(known=FeedRow(name="f", url=publisher.url + PATH, etag='"old"', fetched=NOW)).bytes == 5


def test_a_tag_is_not_sent_to_another_address(publisher, take):
    publisher.files["/else.zip"] = CONTENT
    assert take("/else.zip", known=row(publisher)).is_changed
    assert "if-none-match" not in publisher.asked[-1][1]


def test_a_broken_connection_is_taken_up_where_it_ended(publisher, take, tmp_path):
    publisher.troubles[PATH] = [(300_000,), (200_000,)]
    assert take().bytes == len(CONTENT)
    assert (tmp_path / "feed").read_bytes() == CONTENT
    assert publisher.sent == len(CONTENT)
    assert left(tmp_path) == ["feed"]
    assert take.pauses == [1.0, 2.0]


def test_the_next_run_goes_on_with_what_this_one_got(publisher, take, tmp_path):
    publisher.troubles[PATH] = [(250_000,)] * 4
    with pytest.raises(BadInput, match="cut off after 1000000 bytes"):
        take()
    assert left(tmp_path) == ["feed.from", "feed.part"]
    assert (tmp_path / "feed.part").stat().st_mode & 0o77 == 0
    take()
    assert (tmp_path / "feed").read_bytes() == CONTENT
    assert publisher.sent == len(CONTENT)


def test_a_feed_that_changed_meanwhile_is_fetched_from_its_start(publisher, take, tmp_path):
    publisher.troubles[PATH] = [(250_000,)] * 4
    with pytest.raises(BadInput):
        take()
    publisher.files[PATH] = CONTENT[::-1]
    take()
    assert (tmp_path / "feed").read_bytes() == CONTENT[::-1]
    assert left(tmp_path) == ["feed"]


@pytest.mark.parametrize("trouble", ["no tag", "weak tag", "packed"])
def test_what_no_strong_tag_vouches_for_is_never_put_together(publisher, take, tmp_path, trouble):
    publisher.has_tags = trouble != "no tag"
    publisher.headers = {"weak tag": {"ETag": 'W/"1"'}, "packed": {"Content-Encoding": "br"}}.get(trouble, {})
    publisher.troubles[PATH] = [(250_000,)] * 4
    with pytest.raises(BadInput):
        take()
    assert all("range" not in headers for _, headers in publisher.asked)


def test_a_part_that_is_longer_than_the_feed_is_dropped(publisher, take, tmp_path):
    publisher.troubles[PATH] = [(250_000,)] * 4
    with pytest.raises(BadInput):
        take()
    with (tmp_path / "feed.part").open("ab") as part:
        part.write(CONTENT)
    take()
    assert (tmp_path / "feed").read_bytes() == CONTENT


def test_a_server_that_is_busy_is_asked_again_when_it_says(publisher, take):
    publisher.troubles[PATH] = [503, 429]
    assert take().is_changed
    publisher.troubles[PATH] = [503] * 4
    with pytest.raises(BadInput, match="answered 503"):
        take()


@pytest.mark.parametrize(
    ("troubles", "limits", "words"),
    [
        ([403], {}, "answered 403"),
        ([304], {}, "answered 304"),
        (["http://feeds.example/x"], {}, "not https"),
        (["http://127.0.0.1:9/x"], {}, "not https"),
        (["file:///etc/passwd"], {}, "not https"),
        (["https://[broken/x"], {}, "could not be fetched|is no address"),
        ([PATH] * 9, {}, "leads on more than 5 times"),
        ([], {"bytes": 1 << 19}, "larger than 0 MiB"),
        ([], {"seconds": 0.0}, "more than 0 seconds"),
    ],
)
def test_an_answer_that_cannot_be_trusted_is_refused(publisher, take, tmp_path, troubles, limits, words):
    publisher.troubles[PATH] = list(troubles)
    with pytest.raises(BadInput, match=words):
        take(**limits)
    assert not (tmp_path / "feed").exists()


def test_a_size_that_is_announced_is_refused_before_it_is_sent(publisher, take, tmp_path):
    with pytest.raises(BadInput, match="larger than"):
        take(bytes=1000)
    assert left(tmp_path) == []


def test_a_feed_may_lead_on_over_https(publisher, take, tmp_path):
    publisher.files["/dated.csv.gz"] = b"scores"
    publisher.troubles["/current.csv.gz"] = ["/dated.csv.gz"]
    publisher.files["/current.csv.gz"] = b""
    assert take("/current.csv.gz").bytes == 6


def test_a_server_whose_certificate_nobody_vouches_for_is_refused(publisher, tmp_path):
    with httpx.Client(trust_env=False) as stranger, pytest.raises(BadInput, match="CERTIFICATE_VERIFY_FAILED"):
        Fetcher(stranger).fetch(publisher.url + PATH, None, tmp_path / "feed")
    assert publisher.sent == 0


def test_a_folder_that_takes_nothing_is_a_clear_error(publisher, client, tmp_path):
    with pytest.raises(BadInput, match="could not be kept"):
        Fetcher(client).fetch(publisher.url + PATH, None, tmp_path / "missing" / "feed")


def test_a_mirror_on_this_machine_needs_no_tls(tmp_path):
    with serving(None) as mirror, httpx.Client(trust_env=False) as client:
        mirror.files[PATH] = CONTENT
        assert Fetcher(client).fetch(mirror.url + PATH, None, tmp_path / "feed").bytes == len(CONTENT)
