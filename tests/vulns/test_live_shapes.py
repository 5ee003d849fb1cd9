"""Records in the shapes in which distributions publish them through OSV (OSV schema 1.6 and 1.7)."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from poise.checks.host.software import known_exploited_vulnerability
from poise.model.asset import replace
from poise.vulns.distributions import debian_tracker
from poise.vulns.index import EPSS, KEV, FeedRow, open_index
from poise.vulns.match import Matcher
from poise.vulns.osv import advisory
from tests.vulns.test_cases import RHEL9, answer, package, record, rpm, software, system, tracker, until

__all__ = ["answer"]
NOW = datetime(2026, 11, 25, tzinfo=UTC)
VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"


def red_hat(field):
    return {
        "schema_version": "1.7.0",
        "id": "RHSA-2024:4312",
        "published": "2024-07-03T14:21:02Z",
        field: ["CVE-2024-6387"],
        "affected": [
            {
                "package": {
                    "ecosystem": f"Red Hat:enterprise_linux:9::{part}",
                    "name": "openssh-server",
                    "purl": "pkg:rpm/redhat/openssh-server",
                },
                "ranges": [
                    {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "0:8.7p1-38.el9_4.1"}]},
                ],
            }
            for part in ("appstream", "baseos")
        ],
        "severity": [{"type": "CVSS_V3", "score": VECTOR}],
    }


ALMA = {
    "id": "ALSA-2024:4312",
    "related": ["CVE-2024-6387"],
    "affected": [
        {
            "package": {"ecosystem": "AlmaLinux:9", "name": "openssh-server"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "8.7p1-38.el9.alma.2"}]}],
        }
    ],
}


def suse(product, **more):
    return {
        "id": "SUSE-SU-2024:2933-1",
        "related": ["CVE-2024-5535"],
        "affected": [
            {
                "package": {
                    "ecosystem": product,
                    "name": "openssl-1_1",
                    "purl": "pkg:rpm/suse/openssl-1_1&distro=SUSE%20Linux",
                },
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1.1l-150500.17.34.1"}]}],
                "ecosystem_specific": {"binaries": [{"libopenssl1_1": "1.1.1l-150500.17.34.1"}]},
            }
        ],
    } | more


UBUNTU = {
    "id": "UBUNTU-CVE-2024-6387",
    "upstream": ["CVE-2024-6387"],
    "severity": [{"type": "CVSS_V3", "score": VECTOR}, {"type": "Ubuntu", "score": "high"}],
    "affected": [
        {
            "package": {"ecosystem": "Ubuntu:22.04:LTS", "name": "openssh"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1:8.9p1-3ubuntu0.10"}]}],
            "versions": ["1:8.4p1-6ubuntu2", "1:8.9p1-3ubuntu0.7"],
            "ecosystem_specific": {
                "binaries": [{"binary_name": "openssh-server", "binary_version": "1:8.9p1-3ubuntu0.10"}],
                "availability": "No subscription required",
            },
        }
    ],
}


@pytest.mark.parametrize("field", ["related", "upstream"])
def test_red_hat_names_the_flaws_of_an_erratum_in_either_field(answer, field):
    (found,) = answer([red_hat(field)], [rpm("openssh-server", "8.7p1-38.el9")], RHEL9).found
    assert (found.id, found.fixed_in, found.severity) == ("CVE-2024-6387", "0:8.7p1-38.el9_4.1", "critical")
    assert not answer([red_hat(field)], [rpm("openssh-server", "8.7p1-38.el9_4.1")], RHEL9).found


def test_almalinux_names_binaries_and_relates_flaws(answer):
    alma = system("almalinux", "9.4")
    (found,) = answer([ALMA], [rpm("openssh-server", "8.7p1-38.el9")], alma).found
    assert (found.id, found.sources[0].advisory) == ("CVE-2024-6387", "ALSA-2024:4312")


@pytest.mark.parametrize(
    ("product", "os"),
    [
        ("SUSE:Linux Enterprise Module for Basesystem 15 SP5", system("sles", "15.5")),
        ("SUSE:Linux Enterprise Server 15 SP5-LTSS", system("sles", "15.5")),
        ("SUSE:Linux Enterprise Server 12 SP5", system("sles", "12.5")),
        ("openSUSE:Leap 15.5", system("opensuse-leap", "15.5")),
        ("openSUSE:Tumbleweed", system("opensuse-tumbleweed", "20241120")),
    ],
)
def test_suse_names_products_and_modules_by_source_package(answer, product, os):
    old, new = (
        rpm("libopenssl1_1", f"1.1.1l-{release}", source="openssl-1_1", source_version=f"1.1.1l-{release}")
        for release in ("150500.17.31.1", "150500.17.34.1")
    )
    assert [found.id for found in answer([suse(product)], [old], os).found] == ["CVE-2024-5535"]
    assert not answer([suse(product)], [new], os).found


def test_suse_of_another_service_pack_binds_nobody_else(answer):
    old = rpm("libopenssl1_1", "1.1.1l-1", source="openssl-1_1", source_version="1.1.1l-1")
    got = answer([suse("SUSE:Linux Enterprise Module for Basesystem 15 SP4")], [old], system("sles", "15.5"))
    assert got.unmatched[0].reason == "no feed with advisories of SUSE:15.5 was fetched"


def test_ubuntu_rates_in_its_own_words_beside_the_score(answer):
    jammy = system("ubuntu", "22.04")
    old = package("deb", "openssh-server", "8.9p1-3ubuntu0.7", epoch=1, source="openssh")
    old = type(old)(**{name: getattr(old, name) for name in old.__struct_fields__} | {"source_version": ""})
    (found,) = answer([UBUNTU], [old], jammy).found
    assert (found.id, found.fixed_in, found.severity) == ("CVE-2024-6387", "1:8.9p1-3ubuntu0.10", "critical")


def test_a_rolling_distribution_names_what_its_advisory_is_about(answer):
    one = until("CGA-pc4f-g53c-c4gq", "Chainguard", "curl", "8.9.0-r0", upstream=["CVE-2024-6197", "GHSA-x"])
    (found,) = answer([one], [package("apk", "curl", "8.8.0-r0")], system("chainguard", "20230214")).found
    assert (found.id, found.aliases) == ("CVE-2024-6197", ())


def test_what_a_distribution_does_not_rate_is_rated_by_an_alias_that_is_named(answer):
    ghsa = until("GHSA-1", "npm", "bash-js", "9", aliases=["CVE-2022-3715"])
    ghsa["severity"] = [{"type": "CVSS_V3", "score": VECTOR}]
    own = debian_tracker(tracker(bookworm={"status": "open", "urgency": "not yet assigned"}))
    (found,) = answer([*own, ghsa], [package("deb", "bash", "5.2.15-2")]).found
    assert (found.severity, found.cvss.score) == ("critical", 9.8)
    assert [(one.advisory, one.status) for one in found.sources] == [
        ("DEBIAN-CVE-2022-3715", "affected"),
        ("GHSA-1", "rating"),
    ]


def test_what_a_distribution_rates_itself_stands(answer):
    ghsa = until("GHSA-1", "npm", "bash-js", "9", aliases=["CVE-2022-3715"])
    ghsa["severity"] = [{"type": "CVSS_V3", "score": VECTOR}]
    own = debian_tracker(tracker(bookworm={"status": "open", "urgency": "low"}))
    (found,) = answer([*own, ghsa], [package("deb", "bash", "5.2.15-2")]).found
    assert (found.severity, found.cvss, len(found.sources)) == ("low", None, 1)


def test_a_version_that_cannot_be_ordered_is_not_called_compared(answer):
    one = until("PYSEC-1", "PyPI", "x", "2.0")
    got = answer([one], [package("pypi", "x", "2004d")])
    assert (got.found, got.matched) == ((), 0)
    assert "'2004d' cannot be ordered" in got.unmatched[0].reason


@pytest.fixture
def index(tmp_path):
    with open_index(tmp_path / "index.db") as opened:
        yield opened


def put(index, name, days, records):
    index.replace(FeedRow(name=name, url="file", fetched=NOW - timedelta(days=days)), map(advisory, records))


def test_only_the_feeds_of_its_own_packages_make_a_machine_stale(index):
    put(index, "osv-PyPI", 1, [until("PYSEC-1", "PyPI", "x", "1")])
    put(index, "osv-npm", 90, [until("GHSA-1", "npm", "x", "1")])
    got = Matcher(index).match(software([package("pypi", "x", "2.0")]))
    assert got.index_date == (NOW - timedelta(days=1)).isoformat()
    both = Matcher(index).match(software([package("pypi", "x", "2.0"), package("npm", "y", "1.0.0")]))
    assert both.index_date == (NOW - timedelta(days=90)).isoformat()


def judged(record):
    return known_exploited_vulnerability.evaluate(replace(record, end_of_life=None), NOW, 7)


def test_without_the_catalogue_nothing_is_called_not_exploited(index):
    put(index, "osv-PyPI", 1, [until("PYSEC-1", "PyPI", "x", "3", aliases=["CVE-2024-1"])])
    machine = software([package("pypi", "x", "2.0")])
    assert judged(Matcher(index).match(machine)).reason.endswith("(KEV) was not fetched")
    index.replace_exploited(FeedRow(name=KEV, url="f", fetched=NOW - timedelta(days=30)), {"CVE-2020-1": "2020-01-01"})
    assert "older than 7 days" in judged(Matcher(index).match(machine)).reason
    index.replace_exploited(FeedRow(name=KEV, url="f", fetched=NOW), {"CVE-2020-1": "2020-01-01"})
    assert judged(Matcher(index).match(machine)).state == "healthy"
    index.replace_probabilities(FeedRow(name=EPSS, url="f", fetched=NOW), [("CVE-2024-1", 0.5)])
    assert Matcher(index).match(machine).epss_date == NOW.isoformat()


def test_a_machine_with_nothing_open_needs_no_catalogue(index):
    put(index, "osv-PyPI", 1, [until("PYSEC-1", "PyPI", "x", "1")])
    assert judged(Matcher(index).match(software([package("pypi", "x", "2.0")]))).state == "healthy"


def test_bounds_that_are_no_versions_are_counted(index):
    put(index, "osv-Alpine", 0, [until("A-1", "Alpine:v3.9", "docker", "20.10.11.r0"), record("A-2", "npm", "x")])
    assert [(one.name, one.records, one.malformed) for one in index.feeds()] == [("osv-Alpine", 2, 1)]


def test_an_index_of_the_version_before_is_brought_up_to_date(tmp_path):
    path = tmp_path / "old.db"
    with sqlite3.connect(path) as old:
        old.execute(
            "CREATE TABLE feed (name TEXT PRIMARY KEY, url TEXT NOT NULL, etag TEXT NOT NULL, modified TEXT NOT NULL,"
            " fetched TEXT NOT NULL, records INTEGER NOT NULL, refused INTEGER NOT NULL) WITHOUT ROWID"
        )
        old.execute("INSERT INTO feed VALUES ('kev', 'u', '', '', '2026-11-25T00:00:00+00:00', 3, 0)")
        old.execute("PRAGMA user_version = 1")
    with open_index(path) as opened:
        assert [(one.name, one.records, one.malformed) for one in opened.feeds()] == [("kev", 3, 0)]
