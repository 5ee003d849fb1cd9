"""`vulns sync` against a publisher over TLS: what is kept, what is refused, and what the ages say."""

from __future__ import annotations

import gzip
import io
import json
import ssl
import zipfile

import httpx
import pytest

from poise.app import vulnerabilities
from poise.vulns.download import Fetcher
from poise.vulns.feeds import BASES, FEEDS, chosen
from poise.vulns.index import open_index
from tests.replay import write_certificate
from tests.vulns.feed_server import serving

BASH = {"CVE-2026-1": {"releases": {"trixie": {"status": "open", "repositories": {}, "urgency": "high"}}}}
DATED = "/epss/epss_scores-2026-08-16.csv.gz"
SCORES = "#model_version:v2025.03.14,score_date:2026-08-16T00:00:00Z\ncve,epss,percentile\n"


def record(number, ecosystem):
    part = {"package": {"ecosystem": ecosystem, "name": f"x{number}"}, "versions": ["1"]}
    return {"id": f"{ecosystem}-{number}", "affected": [part]}


def dump(*records):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for one in records:
            archive.writestr(f"{one['id']}.json", json.dumps(one))
    return content.getvalue()


def catalogue(*ids):
    rows = [{"cveID": id, "dateAdded": "2026-01-01"} for id in ids]
    return json.dumps({"title": "K", "catalogVersion": "2026.08.16", "vulnerabilities": rows}).encode()


def scores(*ids):
    return gzip.compress(mtime=0, data=(SCORES + "".join(f"{id},0.5,0.9\n" for id in ids)).encode())


def published():
    """Every feed where its publisher has it, small."""
    files = {f"/osv/{feed.path}": dump(record(1, feed.holds)) for feed in FEEDS if feed.publisher == "osv"}
    files["/debian/json"] = json.dumps({"bash": BASH}).encode()
    files["/kev/known_exploited_vulnerabilities.json"] = catalogue("CVE-2026-1")
    files[DATED] = scores("CVE-2026-1")
    return files


KEV, EPSS, PYPI = (f"/{publisher}/{chosen([name])[0].path}" for publisher, name in (
    ("kev", "kev"), ("epss", "epss"), ("osv", "osv-PyPI")
))  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return tuple(map(str, write_certificate(tmp_path_factory.mktemp("tls"))))


@pytest.fixture
def publisher(files):
    with serving(files) as one:
        one.files = published()
        yield one


@pytest.fixture
def sync(publisher, files, tmp_path, clock):
    bases = {name: f"{publisher.url}/{name}" for name in BASES}
    trust = ssl.create_default_context(cafile=files[0])

    def go(*names):
        with httpx.Client(verify=trust, trust_env=False) as client:
            done = vulnerabilities.sync(
                tmp_path / "a.db", chosen(names), bases, clock(), Fetcher(client, pause=lambda seconds: None)
            )
            return {one.feed: one for one in done}

    publisher.troubles[EPSS] = [DATED] * 9
    return go


def test_every_feed_is_taken_from_where_its_publisher_has_it(sync, publisher, tmp_path, clock):
    done = sync()
    assert {one.feed: (one.state, one.records) for one in done.values()} == {
        feed.name: ("updated", 1) for feed in FEEDS
    }
    with open_index(tmp_path / "a.db") as index:
        assert index.exploited(["CVE-2026-1"])
        assert index.probability(["CVE-2026-1"]) == 0.5
        assert [one.id for _, one in index.advisories("Debian:13", "bash")] == ["DEBIAN-CVE-2026-1"]
    sent = publisher.sent
    clock.pass_days(2)
    assert {one.state for one in sync().values()} == {"unchanged"}
    assert publisher.sent == sent
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.db"]


def test_the_day_of_the_fetch_and_the_day_of_the_publisher_are_both_told(sync, tmp_path, clock):
    sync("kev")
    clock.pass_days(2)
    (shown,) = vulnerabilities.status(tmp_path / "a.db", clock())
    assert (shown.age_days, f"{shown.published:%Y-%m-%d %H:%M}") == (2, "2026-08-16 06:00")


WRONG = {
    "advisories as the catalogue": ("kev", dump(record(1, "PyPI"))),
    "probabilities as the catalogue": ("kev", scores("CVE-2026-2")),
    "an empty catalogue": ("kev", b'{"catalogVersion": "1", "vulnerabilities": []}'),
    "a page of maintenance": ("kev", b"<html>Down for maintenance</html>"),
    "the catalogue as probabilities": ("epss", catalogue("CVE-2026-2")),
    "no probabilities": ("epss", scores()),
    "probabilities cut off": ("epss", scores("CVE-2026-2")[:-6]),
    "a probability of 1.5": ("epss", b"cve,epss,percentile\nCVE-2026-2,1.5,0\n"),
    "the catalogue as advisories": ("osv-PyPI", catalogue("CVE-2026-2")),
    "another ecosystem": ("osv-PyPI", dump(record(2, "npm"))),
    "an empty dump": ("osv-PyPI", dump()),
    "a dump cut off": ("osv-PyPI", dump(record(2, "PyPI"))[:-30]),
    "an error of the bucket": ("osv-PyPI", b'{"error": {"code": 403}}'),
    "an error of the tracker": ("debian-tracker", b'{"error": {"message": "x"}}'),
    "the tracker cut off": ("debian-tracker", b'{"bash": {"CVE-2026-2": {"releases": {"trixie": {"stat'),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_not_the_feed_changes_nothing_and_is_asked_for_again(sync, publisher, tmp_path, clock, case):
    name, content = WRONG[case]
    path = DATED if name == "epss" else f"/{chosen([name])[0].publisher}/{chosen([name])[0].path}"
    sync("kev", "epss", "osv-PyPI", "debian-tracker")
    before = held(tmp_path / "a.db")
    clock.pass_days(1)
    good, publisher.files[path] = publisher.files[path], content
    done = sync(name)[name]
    assert done.state == "failed"
    assert done.problem
    assert held(tmp_path / "a.db") == before
    publisher.files[path] = good
    assert sync(name)[name].state == "unchanged"


def held(path):
    with open_index(path) as index:
        return index.feeds(), {feed.name: list(index.records(feed.name)) for feed in FEEDS}


def test_a_feed_that_lost_most_of_its_records_is_not_believed(sync, publisher, tmp_path, clock):
    publisher.files[PYPI] = dump(*(record(number, "PyPI") for number in range(200)))
    publisher.files[KEV] = catalogue(*(f"CVE-2026-{number}" for number in range(200)))
    sync("osv-PyPI", "kev")
    publisher.files[PYPI] = dump(*(record(number, "PyPI") for number in range(99)))
    publisher.files[KEV] = catalogue(*(f"CVE-2026-{number}" for number in range(99)))
    for one in sync("osv-PyPI", "kev").values():
        assert (one.state, "99 records, where there were 200" in one.problem) == ("failed", True)
    publisher.files[PYPI] = dump(*(record(number, "PyPI") for number in range(100)))
    assert sync("osv-PyPI")["osv-PyPI"].records == 100
    (tmp_path / "osv-PyPI.zip").write_bytes(dump(record(1, "PyPI")))
    (taken,) = vulnerabilities.import_files(tmp_path / "a.db", [tmp_path / "osv-PyPI.zip"], clock())
    assert (taken.feed, taken.records) == ("osv-PyPI", 1)


def test_one_feed_that_fails_leaves_the_others_and_what_it_got_for_the_next_run(sync, publisher, tmp_path):
    content = dump(*(record(number, "PyPI") for number in range(300)))
    publisher.files[PYPI] = content
    publisher.troubles[PYPI] = [(9000,)] + [(10,)] * 3
    done = sync("osv-PyPI", "kev")
    assert {one.feed: one.state for one in done.values()} == {"osv-PyPI": "failed", "kev": "updated"}
    assert "cut off after 9030 bytes" in done["osv-PyPI"].problem
    before = publisher.sent
    assert sync("osv-PyPI")["osv-PyPI"].records == 300
    assert publisher.sent - before == len(content) - 9030
    assert not (tmp_path / "a.db.parts").exists()


def test_addresses_are_those_that_publishers_state():
    """osv.dev's data page, Debian's tracker, CISA's catalogue page and FIRST's EPSS data page (read in 11/2026)."""
    found = {feed.name: feed.url({}) for feed in FEEDS}
    assert found["osv-PyPI"] == "https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip"
    assert found["osv-Red-Hat"] == "https://osv-vulnerabilities.storage.googleapis.com/Red%20Hat/all.zip"
    assert found["debian-tracker"] == "https://security-tracker.debian.org/tracker/data/json"
    assert found["kev"] == "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"
    assert found["epss"] == "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz"
