"""Feeds in, stored software matched, judged and reported, with no machine read again."""

import json
from dataclasses import dataclass, field

import pytest

from poise.app import exporting, queries, vulnerabilities
from poise.app.scan import ScanOptions, scan
from poise.model.asset import replace
from poise.model.errors import BadInput
from poise.model.host.estate import Hosts
from poise.model.host.software import Software
from poise.model.host.vulnerabilities import Vulnerabilities
from poise.model.listing import Collected, Listing, ListingState, PartitionKey, Scope
from poise.model.listings import AssetFilter, FindingFilter
from poise.model.samples.host import HOSTS, SCOPE, SOFTWARE

KNOWN = "host.software.known_exploited_vulnerability"


@dataclass
class FakeHosts:
    clock: object
    software: list = field(default_factory=lambda: [SOFTWARE])
    source: str = "hosts"

    def scopes(self):
        return (Scope(SCOPE, "host", SCOPE, ()),)

    def partitions(self, scope):
        return (PartitionKey(self.source, "host", scope.id, "machines", "global"),)

    def reads(self, key):
        return ()

    def read(self, key):
        listings = [Listing(kind.KIND, ListingState.COMPLETE) for kind in (Software, Hosts)]
        return Collected(key, (HOSTS, *self.software), tuple(listings), (), self.clock())


def feed(path, fixed="5.2.99", id="CVE-2026-1", **more):
    part = {
        "package": {"ecosystem": "Debian:13", "name": "bash"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}],
    }
    score = [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]
    record = {"id": f"DEBIAN-{id}", "upstream": [id], "affected": [part], "severity": score} | more
    path.write_text(json.dumps(record))
    return path


def kev(path, *ids):
    rows = [{"cveID": id, "dateAdded": "2026-01-01"} for id in ids]
    path.write_text(json.dumps({"catalogVersion": "1", "vulnerabilities": rows}))
    return path


@pytest.fixture
def index(tmp_path):
    return tmp_path / "advisories.db"


def take(index, clock, *files):
    return list(vulnerabilities.import_files(index, files, clock()))


def stored(workspace):
    wanted = AssetFilter(kinds=frozenset({Vulnerabilities.KIND}))
    return [asset for _, asset in workspace.store.assets.all(None, wanted)]


def open_findings(workspace):
    found = queries.all_findings(workspace, FindingFilter())
    return {one.check: one for one in found if one.check.startswith("host.software.")}


def test_new_advisories_are_matched_from_stored_facts(workspace, clock, index, tmp_path):
    scan(workspace, [FakeHosts(clock)], ScanOptions())
    assert stored(workspace) == []
    take(index, clock, feed(tmp_path / "osv-Debian.json"), kev(tmp_path / "kev.json", "CVE-2026-1"))
    vulnerabilities.match_stored(workspace, index)
    (record,) = stored(workspace)
    assert [(one.id, one.package, one.fixed_in, one.kev) for one in record.found] == [
        ("CVE-2026-1", "bash", "5.2.99", True)
    ]
    finding = open_findings(workspace)["host.software.known_exploited_vulnerability"]
    assert finding.verdict == "unhealthy"
    assert [f.because for f in finding.risk.factors if f.name == "exploitability"] == ["it is known to be used"]


def test_a_cured_package_closes_its_findings(workspace, clock, index, tmp_path):
    scan(workspace, [FakeHosts(clock)], ScanOptions())
    take(index, clock, feed(tmp_path / "osv-Debian.json"), kev(tmp_path / "kev.json", "CVE-2026-1"))
    vulnerabilities.match_stored(workspace, index)
    take(index, clock, feed(tmp_path / "osv-Debian.json", fixed="5.2.1"))
    vulnerabilities.match_stored(workspace, index)
    assert stored(workspace)[0].found == ()
    assert open_findings(workspace) == {}


def test_a_withdrawn_advisory_closes_its_finding_and_is_named(workspace, clock, index, tmp_path):
    """Case 33 of the public cases: the finding does not go silently."""
    scan(workspace, [FakeHosts(clock)], ScanOptions())
    take(index, clock, feed(tmp_path / "osv-Debian.json"), kev(tmp_path / "kev.json", "CVE-2026-1"))
    vulnerabilities.match_stored(workspace, index)
    (before,) = [one for one in open_findings(workspace).values() if one.check == KNOWN]
    assert before.verdict == "unhealthy"
    take(index, clock, feed(tmp_path / "osv-Debian.json", withdrawn="2026-11-25T00:00:00Z"))
    vulnerabilities.match_stored(workspace, index)
    assert open_findings(workspace) == {}
    (after,) = [one for one in queries.all_verdicts(workspace, FindingFilter()) if one.check == KNOWN]
    assert after.verdict == "healthy"
    assert after.reason.endswith("withdrawn: CVE-2026-1")


def test_an_unknown_distribution_is_unknown_and_not_healthy(workspace, clock, index, tmp_path):
    import msgspec

    strange = replace(SOFTWARE, os=msgspec.structs.replace(SOFTWARE.os, id="", version=""))
    scan(workspace, [FakeHosts(clock, [strange])], ScanOptions())
    take(index, clock, feed(tmp_path / "osv-Debian.json"))
    vulnerabilities.match_stored(workspace, index)
    finding = open_findings(workspace)["host.software.known_exploited_vulnerability"]
    assert finding.verdict == "unknown"
    assert "distribution unknown" in finding.reason


def test_nothing_is_matched_where_no_software_is_stored(workspace, index):
    assert vulnerabilities.match_stored(workspace, index) is None


def test_the_report_holds_the_machine_and_its_vulnerability(workspace, clock, index, tmp_path):
    scan(workspace, [FakeHosts(clock)], ScanOptions())
    take(index, clock, feed(tmp_path / "osv-Debian.json"))
    vulnerabilities.match_stored(workspace, index)
    made = json.loads("".join(exporting.export(workspace, "cyclonedx", FindingFilter())))
    assert [one["id"] for one in made["vulnerabilities"]] == ["CVE-2026-1"]
    assert made["components"][0]["name"] == SOFTWARE.name


def test_old_feeds_are_told(clock, index, tmp_path):
    take(index, clock, feed(tmp_path / "osv-Debian.json"))
    clock.pass_days(10)
    (shown,) = vulnerabilities.status(index, clock())
    assert (shown.age_days, shown.is_stale) == (10, True)


def test_an_empty_index_is_not_exported(index, tmp_path):
    with pytest.raises(BadInput, match="empty"):
        vulnerabilities.export_bundle(index, tmp_path / "b.zip")
