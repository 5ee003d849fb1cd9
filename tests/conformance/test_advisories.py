"""Published advisories of eight ecosystems, and packages whose answers were derived by hand from them."""

import gzip
import io
import ssl
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from poise.app import vulnerabilities
from poise.vulns.download import Fetcher
from poise.vulns.feeds import BASES, chosen
from poise.vulns.index import FeedRow, open_index
from poise.vulns.match import Matcher
from poise.vulns.reading import feed_name, read_into
from tests.replay import write_certificate
from tests.vulns.feed_server import serving
from tests.vulns.test_cases import package, software, system

DATA = Path(__file__).parents[3] / "shared" / "data" / "vulns"
NOW = datetime(2026, 11, 25, tzinfo=UTC)
RECORDS = {
    "alpine": 5723, "crates": 1205, "debian_dsa_dla": 7258, "epss": 360142, "go": 4291, "kev": 1404, "npm": 1692,
    "pypi": 2661, "rubygems": 1234,
}  # fmt: skip
DEBIAN_11, ALPINE_3_11 = system("debian", "11"), system("alpine", "3.11.6")

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not there")


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    with open_index(tmp_path_factory.mktemp("index") / "index.db") as opened:
        for path in sorted(DATA.glob("*.gz")):
            read_into(opened, path, FeedRow(name=feed_name(path), url=str(path), fetched=NOW))
        yield opened


def test_every_record_is_understood(index):
    assert {row.name: row.records for row in index.feeds()} == RECORDS
    assert all(row.refused == 0 for row in index.feeds())


def test_feeds_that_publishers_serve_hold_what_their_files_hold(index, tmp_path):
    """The same records, packed as osv.dev, CISA and FIRST pack them, over TLS."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        for number, line in enumerate(gzip.decompress((DATA / "pypi.jsonl.gz").read_bytes()).splitlines()):
            made.writestr(f"{number}.json", line)
    certificate, key = map(str, write_certificate(tmp_path))
    trust = ssl.create_default_context(cafile=certificate)
    with serving((certificate, key)) as publisher, httpx.Client(verify=trust, trust_env=False) as client:
        publisher.files = {
            "/PyPI/all.zip": archive.getvalue(),
            "/known_exploited_vulnerabilities.json": gzip.decompress((DATA / "kev.json.gz").read_bytes()),
            "/epss_scores-current.csv.gz": (DATA / "epss.csv.gz").read_bytes(),
        }
        feeds, bases = chosen(["osv-PyPI", "kev", "epss"]), dict.fromkeys(BASES, publisher.url)
        done = list(vulnerabilities.sync(tmp_path / "a.db", feeds, bases, NOW, Fetcher(client)))
    assert {one.feed: (one.state, one.records, one.refused) for one in done} == {
        "osv-PyPI": ("updated", RECORDS["pypi"], 0),
        "kev": ("updated", RECORDS["kev"], 0),
        "epss": ("updated", RECORDS["epss"], 0),
    }
    with open_index(tmp_path / "a.db") as served:
        assert served.advisories("PyPI", "pyyaml") == tuple(
            ("osv-PyPI", one) for _, one in index.advisories("PyPI", "pyyaml")
        )
        for cve in ("CVE-2021-44228", "CVE-2020-1747"):
            assert served.exploited([cve]) == index.exploited([cve])
            assert served.probability([cve]) == index.probability([cve]) is not None


def deb(name, version, epoch=None, source=""):
    text = f"{epoch}:{version}" if epoch is not None else version
    return package("deb", name, version, epoch=epoch, source=source or name, source_version=text)


BY_HAND = [
    (package("pypi", "pyyaml", "5.3"), None, "CVE-2020-1747", "5.3.1"),
    (package("pypi", "pyyaml", "5.3"), None, "CVE-2020-14343", "5.4"),
    (package("pypi", "pyyaml", "5.3"), None, "CVE-2017-18342", None),
    (package("pypi", "pyyaml", "5.2b1"), None, "CVE-2019-20477", None),
    (package("pypi", "jinja2", "2.11.2"), None, "CVE-2020-28493", "2.11.3"),
    (package("pypi", "jinja2", "2.11.3"), None, "CVE-2020-28493", None),
    (package("golang", "github.com/gin-gonic/gin", "v1.8.2"), None, "CVE-2023-29401", "1.9.1"),
    (package("golang", "github.com/gin-gonic/gin", "v1.3.0"), None, "CVE-2023-29401", None),
    (
        package("golang", "golang.org/x/crypto", "v0.0.0-20200101000000-abcdefabcdef"),
        None,
        "CVE-2020-9283",
        "0.0.0-20200220183623-bac4c82f6975",
    ),
    (package("golang", "golang.org/x/crypto", "v0.1.0"), None, "CVE-2020-9283", None),
    (package("golang", "stdlib", "go1.15.4"), None, "CVE-2020-28362", "1.15.5"),
    (package("golang", "stdlib", "1.14.12"), None, "CVE-2020-28362", None),
    (package("gem", "nokogiri", "1.5.5"), None, "CVE-2013-6460", "1.5.11"),
    (package("gem", "nokogiri", "1.5.11"), None, "CVE-2013-6460", None),
    (package("cargo", "smallvec", "0.3.3"), None, "CVE-2018-20991", "0.3.4"),
    (package("cargo", "smallvec", "0.4.5"), None, "CVE-2018-20991", None),
    (package("cargo", "smallvec", "1.6.0"), None, "CVE-2021-25900", "1.6.1"),
    (package("npm", "lodash", "4.17.10"), None, "CVE-2018-16487", "4.17.11"),
    (package("npm", "lodash", "4.17.11"), None, "CVE-2018-16487", None),
    (package("npm", "jquery", "3.0.0-rc.1"), None, "CVE-2016-10707", "3.0.0"),
    (deb("xserver-common", "1.20.11-1+deb11u5", 2, "xorg-server"), DEBIAN_11, "CVE-2023-1393", "2:1.20.11-1+deb11u6"),
    (deb("xserver-common", "1.20.11-1+deb11u6", 2, "xorg-server"), DEBIAN_11, "CVE-2023-1393", None),
    (deb("libssl1.1", "1.1.1n-0+deb11u2", source="openssl"), DEBIAN_11, "CVE-2022-2068", "1.1.1n-0+deb11u3"),
    (deb("libssl1.1", "1.1.1n-0+deb11u2", source="openssl"), DEBIAN_11, "CVE-2022-1292", None),
    (package("apk", "sudo", "1.8.27-r0"), ALPINE_3_11, "CVE-2019-14287", "1.8.28-r0"),
    (package("apk", "jq", "1.6-r0"), ALPINE_3_11, "CVE-2016-4074", None),
]


@pytest.mark.parametrize(
    ("installed", "os", "id", "fixed_in"),
    BY_HAND,
    ids=[f"{row[0].name}-{row[0].version}-{row[2]}" for row in BY_HAND],
)
def test_a_package_has_the_vulnerability_that_was_derived_by_hand(index, installed, os, id, fixed_in):
    found = {one.id: one for one in Matcher(index).match(software([installed], os)).found}
    assert (found[id].fixed_in if id in found else None) == fixed_in


def test_aliases_of_two_feeds_are_one_vulnerability(index):
    found = Matcher(index).match(software([package("npm", "lodash", "4.17.10")])).found
    (one,) = [one for one in found if one.id == "CVE-2018-16487"]
    assert {source.advisory for source in one.sources} == {"NSWG-ECO-493", "RETIRE-lodash-637"}


def test_exploited_and_probable_ones_come_first(index):
    packages = [package("pypi", "django", "2.0"), package("npm", "jquery", "1.0.0")]
    found = Matcher(index).match(software(packages)).found
    keys = [(not one.kev, -(one.epss or 0)) for one in found if one.status != "withdrawn"]
    assert keys == sorted(keys)
