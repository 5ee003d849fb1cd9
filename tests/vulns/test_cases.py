"""Cases with a definite right answer that users of other scanners reported, and rules of the formats.

The number of a case is its row in the list of cases that the project keeps beside the sources.
"""

from datetime import UTC, datetime

import pytest

from poise.model.host.software import Package, Software
from poise.model.host.system import OperatingSystem
from poise.vulns.distributions import alpine_secdb, debian_tracker
from poise.vulns.index import FeedRow, open_index
from poise.vulns.match import Matcher
from poise.vulns.osv import advisory

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def system(id, version):
    return OperatingSystem(
        family="linux", id=id, like=(), version=version, codename="", name=id, end_of_life=None, extended_end=None
    )


def package(ecosystem, name, version, **more):
    values = {
        "epoch": None,
        "release": "",
        "architecture": "",
        "source": "",
        "source_version": "",
        "module": "",
        "origin": "",
        "place": "/somewhere",
        "owner": "",
        "state": "installed",
        "files_missing": False,
        "guessed": False,
        "development": False,
        "purl": f"pkg:{ecosystem}/{name}@{version}",
    }
    names = Package.__struct_fields__
    chosen = {key: value for key, value in (values | more).items() if key in names}
    return Package(ecosystem=ecosystem, name=name, version=version, **chosen)


def rpm(name, text, **more):
    epoch, colon, rest = text.rpartition(":")
    version, _, release = rest.partition("-")
    return package("rpm", name, version, epoch=int(epoch) if colon else None, release=release, **more)


def software(packages, os=None, kernel="", kernels=()):
    return Software(
        id="host://m#software",
        name="m",
        scope="here",
        region="global",
        tags={},
        machine="host://m",
        os=os or system("debian", "12"),
        kernel=kernel,
        kernels=kernels,
        packages=tuple(packages),
        gaps=(),
    )


def record(id, ecosystem, name, events=(), kind="ECOSYSTEM", **more):
    part = {"package": {"ecosystem": ecosystem, "name": name}}
    if events:
        part["ranges"] = [{"type": kind, "events": [dict([event]) for event in events]}]
    part |= more.pop("part", {})
    return {"id": id, "affected": [part], **more}


def until(id, ecosystem, name, fixed, introduced="0", **more):
    return record(id, ecosystem, name, [("introduced", introduced), ("fixed", fixed)], **more)


@pytest.fixture
def answer(tmp_path):
    def of(records, packages, os=None, **more):
        advisories = [one if not isinstance(one, dict) else advisory(one) for one in records]
        with open_index(tmp_path / "index.db") as index:
            index.replace(FeedRow(name="feed", url="file", fetched=NOW), advisories)
            return Matcher(index).match(software(packages, os, **more))

    return of


ALPINE, DEBIAN_13 = system("alpine", "3.9.4"), system("debian", "13")
RHEL9, RHEL8, RHEL7 = system("rhel", "9.4"), system("rhel", "8.9"), system("rhel", "7.9")
R9, R8, R7 = (f"Red Hat:enterprise_linux:{number}::server" for number in (9, 8, 7))
SIMPLE = [
    (1, R9, "tomcat", "1:9.0.62-11.el9_2.3", rpm("tomcat", "1:9.0.117-2.el9_8"), RHEL9, False),
    (2, R9, "mod_ssl", "1:2.4.57-11.el9_4", rpm("mod_ssl", "1:2.4.62-13.el9_8.1"), RHEL9, False),
    (2, R9, "httpd", "0:2.4.57-11.el9_4", rpm("httpd", "2.4.62-13.el9_8.1"), RHEL9, False),
    (2, R9, "mod_ssl", "1:2.4.57-11.el9_4", rpm("mod_ssl", "1:2.4.57-8.el9"), RHEL9, True),
    (2, R9, "httpd", "0:2.4.57-11.el9_4", rpm("httpd", "2.4.57-8.el9"), RHEL9, True),
    (4, R7, "lib", "0:1.5.4-2.el7_9", rpm("lib", "1.5.4-2.el7_9"), RHEL7, False),
    (4, R7, "lib", "0:1.5.4-2.el7_9", rpm("lib", "1.5.4-2.el7"), RHEL7, True),
    (
        6,
        "Rocky Linux:7",
        "perl",
        "4:5.16.3-299.el7_9",
        rpm("perl-Pod-Escapes", "1:1.04-299.el7_9", source="perl", source_version="4:5.16.3-299.el7_9"),
        system("rocky", "7.9"),
        False,
    ),
    (
        6,
        "Rocky Linux:7",
        "perl",
        "4:5.16.3-300.el7_9",
        rpm("perl-Pod-Escapes", "1:1.04-299.el7_9", source="perl", source_version="4:5.16.3-299.el7_9"),
        system("rocky", "7.9"),
        True,
    ),
    (9, "Debian:13", "curl", "8.14.1-2+deb13u2", package("deb", "curl", "8.14.1-2+deb13u2"), DEBIAN_13, False),
    (9, "Debian:13", "expat", "2.7.1-2", package("deb", "expat", "2.7.1-2"), DEBIAN_13, False),
    (9, "Debian:13", "expat", "2.7.1-2", package("deb", "expat", "2.7.1-1"), DEBIAN_13, True),
    (
        9,
        "Debian:13",
        "git",
        "1:2.47.3-0+deb13u1",
        package("deb", "git", "2.47.3-0+deb13u1", epoch=1),
        system("debian", "13"),
        False,
    ),
    (10, "Debian:12", "openssl", "3.0.11-1~deb12u2", package("deb", "openssl", "3.0.11-1~deb12u1"), None, True),
    (10, "Debian:12", "openssl", "3.0.11-1~deb12u2", package("deb", "openssl", "3.0.11-1~deb12u2"), None, False),
    (10, "Debian:12", "openssl", "3.0.11-1~deb12u2", package("deb", "openssl", "3.0.11-1"), None, False),
    (
        12,
        "Debian:12",
        "libfoo",
        "1.0-1",
        package("deb", "libfoo", "1.0-1+b1", source="libfoo", source_version="1.0-1"),
        None,
        False,
    ),
    (
        13,
        "Debian:12",
        "openssh",
        "1:9.2p1-2+deb12u3",
        package("deb", "openssh-server", "9.2p1-2", epoch=1, source="openssh", source_version="1:9.2p1-2"),
        None,
        True,
    ),
    (
        13,
        "Debian:12",
        "openssh",
        "1:9.2p1-2+deb12u3",
        package("deb", "openssh-server", "10.0p1-7", epoch=1, source="openssh", source_version="1:10.0p1-7"),
        None,
        False,
    ),
    (
        14,
        "Alpine:v3.9",
        "jq",
        "1.6_rc1-r0",
        package("apk", "jq", "1.6-r0", source="jq", source_version="1.6-r0"),
        system("alpine", "3.9.4"),
        False,
    ),
    (
        16,
        "Alpine:v3.9",
        "docker",
        "20.10.11.r0",
        package("apk", "docker", "20.10.11-r0"),
        system("alpine", "3.9.4"),
        False,
    ),
    (
        17,
        "Maven",
        "org.jenkins-ci.main:jenkins-core",
        "2.414.2",
        package("maven", "org.jenkins-ci.main:jenkins-core", "2.414.2-cb-5"),
        None,
        False,
    ),
    (
        14,
        "Alpine:v3.9",
        "jq",
        "1.6_rc1-r0",
        package("apk", "jq", "1.5-r5", source="jq", source_version="1.5-r5"),
        system("alpine", "3.9.4"),
        True,
    ),
    (16, "Alpine:v3.9", "docker", "20.10.11-r0", package("apk", "docker", "20.10.10-r0"), ALPINE, True),
    (17, "Maven", "j:core", "2.414.2", package("maven", "j:core", "2.414.1-cb-5"), None, True),
    (18, "Maven", "a:b", "1.0", package("maven", "a:b", "1.0.RELEASE"), None, False),
    (22, "npm", "x", "1.0.0", package("npm", "x", "1.0.0-rc.1"), None, True),
    (30, "PyPI", "pillow", "2.5.0", package("pypi", "pillow", "12.1.1"), None, False),
    (30, "PyPI", "pillow", "2.5.0", package("pypi", "pillow", "2.4.0"), None, True),
    (34, "PyPI", "Flask_Login", "1.0", package("pypi", "flask-login", "0.9"), None, True),
    (34, "npm", "JSONStream", "2.0.0", package("npm", "jsonstream", "1.0.0"), None, False),
    (40, "Debian:12", "rc", "9.9", package("npm", "rc", "1.2.8"), None, False),
    (41, "Debian:12", "unit", "1.34.2", package("deb", "nginx", "1.29.1"), None, False),
    (40, "Debian:12", "rc", "9.9", package("deb", "rc", "1.7.4-1"), None, True),
    (41, "Debian:12", "unit", "1.34.2", package("deb", "unit", "1.33.0-1"), None, True),
    (
        44,
        "Debian:12",
        "glibc",
        "2.36-9",
        package("deb", "libc6", "2.36-9+b9", source="glibc", source_version="2.36-9"),
        None,
        False,
    ),
    (
        44,
        "Debian:12",
        "libreoffice",
        "4:7.4.7-1+deb12u1",
        package("deb", "libreoffice-core", "7.5.0", epoch=4, source="libreoffice", source_version="4:7.4.7-1"),
        None,
        True,
    ),
    (
        48,
        "Oracle Linux:8",
        "runc",
        "1:1.1.12-1.el8",
        rpm("runc", "1.0.0-54.rc5.dev.git2abd837.module+el8+5201+6423ecab"),
        system("ol", "8.9"),
        False,
    ),
    (
        50,
        "Oracle Linux:7",
        "openssl-libs",
        "2:1.0.2k-19.0.1.ksplice1.el7",
        rpm("openssl-libs", "1:1.0.2k-19.0.1.el7"),
        system("ol", "7.9"),
        False,
    ),
    (
        48,
        "Oracle Linux:8",
        "runc",
        "1.0.0-55.rc5.dev.git2abd837.module+el8+5202+1",
        rpm("runc", "1.0.0-54.rc5.dev.git2abd837.module+el8+5201+6423ecab"),
        system("ol", "8.9"),
        True,
    ),
    (
        50,
        "Oracle Linux:7",
        "openssl-libs",
        "2:1.0.2k-19.0.1.ksplice1.el7",
        rpm("openssl-libs", "2:1.0.2k-18.0.1.ksplice1.el7"),
        system("ol", "7.9"),
        True,
    ),
    (
        53,
        "Alpine:v3.15",
        "openssl",
        "3.0.7-r0",
        package("apk", "libssl1.1", "1.1.1g-r0", source="openssl", source_version="1.1.1g-r0"),
        system("alpine", "3.11.6"),
        False,
    ),
    (
        54,
        "Alpine:v3.19",
        "openssl",
        "3.1.4-r2",
        package("apk", "libcrypto3", "3.1.4-r1", source="openssl", source_version="3.1.4-r1"),
        system("alpine", "3.19.0"),
        True,
    ),
]


@pytest.mark.parametrize(
    ("case", "ecosystem", "name", "fixed", "installed", "os", "is_affected"),
    SIMPLE,
    ids=[f"case-{row[0]}-{row[4].full_version}" for row in SIMPLE],
)
def test_a_version_is_affected_or_not_as_the_case_says(
    answer, case, ecosystem, name, fixed, installed, os, is_affected
):
    found = answer([until("CVE-2024-1", ecosystem, name, fixed)], [installed], os).found
    assert bool(found) is is_affected


def test_case_20_two_ranges_with_four_number_parts(answer):
    two = record(
        "GHSA-57j2-w4cx-62h2",
        "Maven",
        "j:d",
        [("introduced", "2.13.0"), ("fixed", "2.13.2.1"), ("introduced", "0"), ("fixed", "2.12.6.1")],
    )
    found = {v: answer([two], [package("maven", "j:d", v)]).found for v in ("2.13.2", "2.13.2.1", "2.12.6.1", "2.12.6")}
    assert {v: bool(f) for v, f in found.items()} == {
        "2.13.2": True,
        "2.13.2.1": False,
        "2.12.6.1": False,
        "2.12.6": True,
    }
    assert found["2.13.2"][0].fixed_in == "2.13.2.1"


def test_case_21_the_data_is_followed_and_its_source_shown(answer):
    found = answer(
        [until("GHSA-jjjh-jjxp-wpff", "Maven", "j:d", "2.13.4.2")], [package("maven", "j:d", "2.13.4.1")]
    ).found
    assert found[0].sources[0].advisory == "GHSA-jjjh-jjxp-wpff"
    assert found[0].fixed_in == "2.13.4.2"


def test_case_24_a_pre_release_bound_and_a_later_version(answer):
    one = until("GHSA-5f7q-jpqc-wp7h", "npm", "next", "16.1.5", "16.0.0-beta.0")
    assert not answer([one], [package("npm", "next", "16.2.2")]).found
    assert answer([one], [package("npm", "next", "16.0.0-beta.1")]).found


def test_case_25_last_affected_has_no_fix(answer):
    one = record("GHSA-1", "npm", "x", [("introduced", "0"), ("last_affected", "2.3.0")])
    found = answer([one], [package("npm", "x", "2.3.0")]).found
    assert found[0].fixed_in is None
    assert not answer([one], [package("npm", "x", "2.3.1")]).found


def test_case_26_the_last_known_affected_version_bounds_an_open_range(answer):
    part = {"database_specific": {"last_known_affected_version_range": "<= 2.3"}}
    one = record("GHSA-1", "npm", "x", [("introduced", "0")], part=part)
    assert answer([one], [package("npm", "x", "2.3.0")]).found
    assert not answer([one], [package("npm", "x", "2.4.0")]).found


def test_case_28_events_out_of_order_are_swept_by_version(answer):
    events = [("fixed", "5.2"), ("introduced", "4.0"), ("introduced", "5.0"), ("fixed", "4.3")]
    one = record("PYSEC-1", "PyPI", "x", events)
    got = {v: bool(answer([one], [package("pypi", "x", v)]).found) for v in ("3.9", "4.1", "4.3", "5.1", "5.2", "6")}
    assert got == {"3.9": False, "4.1": True, "4.3": False, "5.1": True, "5.2": False, "6": False}


def test_case_29_versions_and_ranges_add_up(answer):
    one = record("PYSEC-1", "PyPI", "x", [("introduced", "2.0"), ("fixed", "2.2")], part={"versions": ["1.0", "2004d"]})
    got = {v: bool(answer([one], [package("pypi", "x", v)]).found) for v in ("1.0", "2.1", "2004d", "1.1", "2.2")}
    assert got == {"1.0": True, "2.1": True, "2004d": True, "1.1": False, "2.2": False}


def test_case_32_no_end_means_all_later_versions_and_no_fix(answer):
    one = record("GO-1", "Go", "example.com/m", [("introduced", "0")], kind="SEMVER")
    found = answer([one], [package("golang", "example.com/m", "v9.9.9")]).found
    assert found[0].fixed_in is None


def test_case_33_a_withdrawn_advisory_says_so_and_is_not_open(answer):
    from poise.policy.vulnerabilities import open_ones

    one = until("GHSA-q4h9-7rxj-7gx2", "Maven", "io.lettuce:lettuce-core", "7.0.0", withdrawn="2025-01-01T00:00:00Z")
    got = answer([one], [package("maven", "io.lettuce:lettuce-core", "6.4.2.RELEASE")])
    assert [found.status for found in got.found] == ["withdrawn"]
    assert not list(open_ones(got))


def test_case_36_aliases_are_one_finding_with_the_fix_and_both_sources(answer):
    name = "github.com/grafana/grafana"
    ghsa = until("GHSA-w62r-7c53-fmc5", "Go", name, "12.0.7", "12.0.0", aliases=["CVE-2025-41115"])
    ghsa["severity"] = [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}]
    go = record("GO-2025-4153", "Go", name, [("introduced", "0")], aliases=["CVE-2025-41115", "GHSA-w62r-7c53-fmc5"])
    (found,) = answer([go, ghsa], [package("golang", name, "v12.0.0")]).found
    assert (found.id, found.fixed_in, found.severity) == ("CVE-2025-41115", "12.0.7", "critical")
    assert [source.advisory for source in found.sources] == ["GHSA-w62r-7c53-fmc5", "GO-2025-4153"]


def test_case_37_every_alias_is_named_so_that_one_exception_covers_all(answer):
    one = record("GO-2022-0646", "Go", "m", [("introduced", "0")], aliases=["CVE-2020-8911", "GHSA-f5pg-7wfw-84q9"])
    (found,) = answer([one], [package("golang", "m", "v1.0.0")]).found
    assert found.id == "CVE-2020-8911"
    assert found.aliases == ("GHSA-f5pg-7wfw-84q9", "GO-2022-0646")


def test_case_38_related_records_are_not_merged(answer):
    one = until("GHSA-1", "npm", "x", "2.0.0", related=["CVE-2024-47177"])
    two = until("GHSA-2", "npm", "x", "2.0.0", related=["CVE-2024-47177"])
    assert sorted(found.id for found in answer([one, two], [package("npm", "x", "1.0.0")]).found) == [
        "GHSA-1",
        "GHSA-2",
    ]


def test_a_distribution_advisory_is_no_alias_of_what_it_names(answer):
    dsa = until("DSA-5378-1", "Debian:11", "xen", "4.14.5-1", upstream=["CVE-2022-23824", "CVE-2022-42331"])
    got = answer(
        [dsa], [package("deb", "xen", "4.14.4-1", source="xen", source_version="4.14.4-1")], system("debian", "11")
    )
    assert [(found.id, found.aliases) for found in got.found] == [("CVE-2022-23824", ()), ("CVE-2022-42331", ())]


def tracker(**state):
    return {"bash": {"CVE-2022-3715": {"releases": state}}}


def test_case_45_a_version_from_a_newer_suite_has_the_newer_suites_fix(answer):
    document = tracker(
        bullseye={"status": "open", "urgency": "low", "nodsa": "Minor issue", "nodsa_reason": "ignored"},
        bookworm={"status": "resolved", "fixed_version": "5.2~rc1-1", "urgency": "low"},
    )
    debian_11 = system("debian", "11")
    assert not answer(debian_tracker(document), [package("deb", "bash", "5.2.15-2")], debian_11).found
    (found,) = answer(debian_tracker(document), [package("deb", "bash", "5.1-2+deb11u1")], debian_11).found
    assert found.status == "wont_fix"


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"status": "resolved", "fixed_version": "0", "urgency": "unimportant"}, None),
        ({"status": "open", "urgency": "unimportant"}, ("affected", "unimportant", "low")),
        (
            {"status": "open", "urgency": "not yet assigned", "nodsa": "Minor", "nodsa_reason": ""},
            ("affected", "no-dsa", "unknown"),
        ),
        (
            {"status": "open", "urgency": "low", "nodsa": "Minor", "nodsa_reason": "postponed"},
            ("affected", "postponed", "low"),
        ),
        ({"status": "open", "urgency": "end-of-life"}, ("affected", "end-of-life", "unknown")),
        ({"status": "undetermined", "urgency": "not yet assigned"}, ("under_investigation", "", "unknown")),
    ],
)
def test_case_46_what_the_debian_tracker_says_is_kept_apart(answer, state, expected):
    found = answer(debian_tracker(tracker(bookworm=state)), [package("deb", "bash", "5.2.15-2")]).found
    got = [(one.status, one.sources[0].note, one.severity) for one in found]
    assert got == ([expected] if expected else [])
    assert all(one.fixed_in is None for one in found)


def test_case_48_a_module_stream_matches_its_own_stream_alone(answer):
    fixed = "1:18.19.0-1.module+el8.9.0+20772+4a6a8d5b"
    one = until("RHSA-1", R8, "nodejs", fixed, part={"ecosystem_specific": {"module": "nodejs:18"}})
    for stream, expected in (("nodejs:18:8090020231:abc", True), ("nodejs:20:8090020231:abc", False), ("", False)):
        release = "1.module+el8.9.0+1+a" if stream else "1.el8"
        got = answer([one], [rpm("nodejs", f"1:18.18.0-{release}", module=stream)], RHEL8)
        assert bool(got.found) is expected, stream


def test_case_49_a_name_with_a_slash_is_a_module_only_if_it_parses_as_one():
    from poise.vulns.streams import module_of

    assert module_of("nodejs:18/nodejs") == ("nodejs", "18")
    assert module_of("rhel9/go-toolset") is None


def test_case_52_esm_packages_take_the_pro_channel_and_no_other(answer):
    records = [
        until("USN-1", "Ubuntu:18.04:LTS", "openssl", "1.1.1-1ubuntu2.1~18.04.99"),
        until("USN-2", "Ubuntu:Pro:18.04:LTS", "openssl", "1.1.1-1ubuntu2.1~18.04.23+esm1"),
        until("USN-3", "Ubuntu:Pro:FIPS:18.04:LTS", "openssl", "9.9"),
    ]
    installed = package("deb", "openssl", "1.1.1-1ubuntu2.1~18.04.23+esm1", source="openssl")
    assert not answer(records, [installed], system("ubuntu", "18.04")).found
    older = package("deb", "openssl", "1.1.1-1ubuntu2.1~18.04.22+esm1", source="openssl")
    (found,) = answer(records, [older], system("ubuntu", "18.04")).found
    assert (found.id, found.fixed_in) == ("USN-2", "1.1.1-1ubuntu2.1~18.04.23+esm1")


def test_case_52_no_row_of_a_channel_counts_for_the_base(answer):
    channels = ("Pro:", "Pro:FIPS:", "Pro:FIPS-updates:", "Pro:Realtime:")
    records = [until("USN-0", "Ubuntu:22.04:LTS", "linux", "5.15.0-1")]
    records += [
        until(f"USN-{place}", f"Ubuntu:{one}22.04:LTS", "openssl", "9") for place, one in enumerate(channels, 1)
    ]
    got = answer(records, [package("deb", "openssl", "3.0.2-0ubuntu1.15")], system("ubuntu", "22.04"))
    assert (got.found, got.matched) == ((), 1)


def test_case_53_alpine_takes_its_own_branch_alone(answer):
    rows = {"packages": [{"pkg": {"name": "openssl", "secfixes": {"3.0.7-r0": ["CVE-2022-3786"], "0": ["CVE-1"]}}}]}
    records = alpine_secdb({"distroversion": "v3.17", **rows})
    installed = package("apk", "libssl3", "3.0.6-r0", source="openssl", source_version="3.0.6-r0")
    assert [f.id for f in answer(records, [installed], system("alpine", "3.17.0")).found] == ["CVE-2022-3786"]


def test_case_56_a_system_without_a_name_is_not_matched_and_says_so(answer):
    one = until("CVE-1", "Alpine:v3.19", "openssl", "9")
    got = answer([one], [package("apk", "openssl", "1.0-r0")], system("", ""))
    assert (got.found, got.matched) == ((), 0)
    assert got.unmatched[0].reason == "distribution unknown: not matched"


def test_a_kind_of_package_without_a_feed_is_not_matched_and_says_so(answer):
    got = answer([until("CVE-1", "PyPI", "x", "1")], [package("gem", "rails", "1.0")])
    assert got.unmatched[0].reason == "no feed with advisories of RubyGems was fetched"


def test_case_57_a_file_of_a_distribution_package_takes_the_distributions_advisories(answer):
    one = until("GHSA-9q9m-c65c-37pq", "PyPI", "reportlab", "3.6.13")
    got = answer([one], [package("pypi", "reportlab", "3.6.12", owner="distribution")])
    assert (got.found, got.owned) == ((), 1)
    assert answer([one], [package("pypi", "reportlab", "3.6.12")]).found


KERNELS = [
    package("deb", f"linux-image-{release}-amd64", version, source="linux-signed-amd64", source_version=signed)
    for release, version, signed in (("6.1.0-40", "6.1.153-1", "6.1.153+1"), ("6.1.0-28", "6.1.119-1", "6.1.119+1"))
]


def test_case_58_only_the_kernel_that_boots_counts(answer):
    one = until("CVE-2024-38541", "Debian:12", "linux", "6.1.129-1")
    (found,) = answer([one], KERNELS, kernel="6.1.0-40-amd64").found
    assert (found.package, found.booted) == ("linux-image-6.1.0-28-amd64", False)
    (found,) = answer([one], KERNELS, kernel="6.1.0-28-amd64").found
    assert found.booted


def test_case_60_headers_are_no_kernel(answer):
    one = until("CVE-2024-38541", "Debian:12", "linux", "6.1.129-1")
    headers = package("deb", "linux-libc-dev", "6.1.100-1", source="linux", source_version="6.1.100-1")
    assert not answer([one], [headers], kernel="6.1.0-40-amd64").found
    rpms = [rpm("kernel-headers", "5.14.0-1.el9", source="kernel")]
    assert not answer([until("CVE-1", R9, "kernel-headers", "5.14.0-9.el9")], rpms, RHEL9).found


def test_case_61_a_package_whose_files_are_gone_is_still_matched(answer):
    gone = package("deb", "bash", "5.1-1", files_missing=True)
    assert answer([until("CVE-1", "Debian:12", "bash", "5.2-1")], [gone]).found


MINE = {
    *range(1, 3),
    4,
    6,
    8,
    9,
    10,
    12,
    13,
    14,
    16,
    17,
    18,
    20,
    21,
    22,
    24,
    25,
    26,
    28,
    29,
    30,
    32,
    33,
    34,
    36,
    37,
    38,
    40,
    41,
    44,
    45,
    46,
    48,
    49,
    50,
    52,
    53,
    54,
    56,
    57,
    58,
    60,
    61,
}
ELSEWHERE = {8: "tests/vulns/versions/test_against_tools.py"}
"""Case -> the file that holds it."""


def test_every_case_about_matching_has_a_test():
    named = {row[0] for row in SIMPLE}
    named |= {int(name.split("_")[2]) for name in globals() if name.startswith("test_case_")}
    assert MINE - named - set(ELSEWHERE) == set()
