"""Feeds from files and from a server: whole or not at all, and hostile ones end in a clear error."""

import gzip
import json
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poise.model.errors import BadInput
from poise.vulns import bundle, opening
from poise.vulns.index import FeedRow, open_index
from poise.vulns.osv import advisory
from poise.vulns.reading import feed_name, read_into

NOW = datetime(2026, 11, 25, tzinfo=UTC)
GOOD = {
    "id": "PYSEC-1",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "x"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2"}]}],
        }
    ],
}


def row(name="feed"):
    return FeedRow(name=name, url="file", fetched=NOW)


@pytest.fixture
def index(tmp_path):
    with open_index(tmp_path / "index.db") as opened:
        yield opened


def written(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_lines_gzip_zip_and_one_record_all_are_read(index, tmp_path):
    lines = written(tmp_path / "a.jsonl.gz", gzip.compress(f"{json.dumps(GOOD)}\n{json.dumps(GOOD)}\n".encode()))
    assert read_into(index, lines, row()).records == 2
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("PYSEC-1.json", json.dumps(GOOD))
    assert read_into(index, archive, row()).records == 1
    assert feed_name(archive) == "osv-PyPI"
    assert read_into(index, written(tmp_path / "one.json", json.dumps(GOOD)), row()).records == 1
    assert len(index.advisories("PyPI", "x")) == 1


def test_a_file_that_cannot_be_read_leaves_the_feed_as_it_was(index, tmp_path):
    read_into(index, written(tmp_path / "good.json", json.dumps(GOOD)), row())
    for bad in (b"", b"{", b"[]", b"\x1f\x8bnot gzip", b"PK\x03\x04no zip", b'{"id": 1}', b"null\nnull\n"):
        with pytest.raises(BadInput):
            read_into(index, written(tmp_path / "bad.json", bad), row())
    assert len(index.advisories("PyPI", "x")) == 1
    assert index.feeds()[0].records == 1


def test_a_killed_write_leaves_the_feed_as_it_was(index):
    index.replace(row(), [advisory(GOOD)])

    def half():
        yield advisory(GOOD | {"id": "PYSEC-2"})
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.replace(row(), half())
    assert [one.id for _, one in index.advisories("PyPI", "x")] == ["PYSEC-1"]


def test_a_bad_record_among_good_ones_is_counted_and_left_out(index, tmp_path):
    bad = {"id": "PYSEC-9", "affected": [{"package": {"ecosystem": 5, "name": "x"}}]}
    lines = written(tmp_path / "a.jsonl", "\n".join(map(json.dumps, (GOOD, bad, GOOD))))
    done = read_into(index, lines, row())
    assert (done.records, done.refused) == (2, 1)


def test_an_error_names_the_record():
    with pytest.raises(BadInput, match="PYSEC-9"):
        advisory({"id": "PYSEC-9", "affected": 7})


def test_a_file_that_unpacks_to_too_much_is_refused(index, tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "MOST_RECORD", 1000)
    bomb = written(tmp_path / "b.json.gz", gzip.compress(b'{"id": "x"}\n{"a":"' + b"0" * 100_000 + b'"}\n'))
    with pytest.raises(BadInput, match="longer than"):
        read_into(index, bomb, row())


def test_exploited_and_probabilities_are_known_by_their_content(index, tmp_path):
    kev = {"catalogVersion": "1", "vulnerabilities": [{"cveID": "CVE-2021-44228", "dateAdded": "2021-12-10"}]}
    kev_file = written(tmp_path / "x.json", json.dumps(kev))
    epss_file = written(tmp_path / "y.csv", "#model_version:v4\ncve,epss,percentile\nCVE-2021-44228,0.94,0.99\n")
    assert (feed_name(kev_file), feed_name(epss_file)) == ("kev", "epss")
    read_into(index, kev_file, row("kev"))
    read_into(index, epss_file, row("epss"))
    assert index.exploited(["CVE-2021-44228"])
    assert index.probability(["CVE-2021-44228"]) == 0.94


def test_a_bundle_holds_all_that_the_index_held(index, tmp_path):
    index.replace(row("osv"), [advisory(GOOD)])
    index.replace_exploited(row("kev"), {"CVE-1": "2024-01-01"})
    index.replace_probabilities(row("epss"), [("CVE-1", 0.5)])
    assert bundle.write(index, tmp_path / "all.zip") == 3
    with open_index(tmp_path / "other.db") as other:
        assert bundle.is_bundle(tmp_path / "all.zip")
        assert [feed.name for feed in bundle.read_into(other, tmp_path / "all.zip")] == ["epss", "kev", "osv"]
        assert other.feeds() == index.feeds()
        assert other.advisories("PyPI", "x") == index.advisories("PyPI", "x")
        assert other.probability(["CVE-1"]) == 0.5


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5) | st.sampled_from(["PyPI", "0", "1.0", "ECOSYSTEM"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "id",
                        "affected",
                        "package",
                        "ecosystem",
                        "name",
                        "ranges",
                        "type",
                        "events",
                        "introduced",
                        "fixed",
                        "score",
                    ]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=20,
    )
)
def test_no_record_raises_anything_but_a_clear_error(record):
    document = {"id": "X"} | record if isinstance(record, dict) else record
    try:
        advisory(document)
    except BadInput:
        return
