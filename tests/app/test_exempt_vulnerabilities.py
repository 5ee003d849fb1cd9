"""Single vulnerabilities are exempt: a finding goes only when nothing else is left of it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from poise.app import exemptions, queries
from poise.app.explain import explain_finding
from poise.app.scan import ScanOptions, scan
from poise.model.errors import UsageError
from poise.model.exemption import Covers, Exemption, Kind
from poise.model.host.vulnerabilities import Cvss, Vulnerabilities
from poise.model.listing import Collected, Listing, ListingState, PartitionKey, Scope
from poise.model.listings import FindingFilter
from poise.model.samples.host_vulnerabilities import LOG4SHELL, UP_TO_DATE, with_found

CHECK = "host.software.known_exploited_vulnerability"
OTHER = structs.replace(
    LOG4SHELL, id="CVE-2022-22965", package="spring-beans", cvss=Cvss(vector="", score=9.8), sources=()
)
UNRATED = structs.replace(OTHER, id="CVE-2022-0001", cvss=None)


@dataclass
class Machines:
    clock: object
    found: list = field(default_factory=list)
    source: str = "hosts"

    def scopes(self):
        return (Scope(UP_TO_DATE.scope, "host", "machines", ()),)

    def partitions(self, scope):
        return (PartitionKey(self.source, "host", scope.id, "machines", "global"),)

    def reads(self, key):
        return ()

    def read(self, key):
        listing = Listing(Vulnerabilities.KIND, ListingState.COMPLETE)
        return Collected(key, (with_found(*self.found),), (listing,), (), self.clock())


@pytest.fixture
def machines(workspace, clock):
    clock.now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    cloud = Machines(clock, [LOG4SHELL, OTHER])
    scan(workspace, [cloud], ScanOptions())
    return cloud


def exemption(clock, name="one", kind=Kind.WAIVER, days=30, **covers):
    until = clock() + timedelta(days=days)
    return Exemption(name=name, kind=kind, covers=Covers(**covers), reason="x", approver="ann", until=until)


def the_finding(workspace):
    rows = queries.all_findings(workspace, FindingFilter(checks=frozenset({CHECK})))
    return next(iter(rows))


def effect(workspace):
    return the_finding(workspace).effect.value


def told(workspace):
    return [(one.id, one.exemption) for one in explain_finding(workspace, the_finding(workspace).id).left_out]


def test_a_finding_with_another_vulnerability_stays_and_says_what_is_left_out(workspace, clock, machines):
    wanted = exemption(clock, checks=(CHECK,), cves=("cve-2021-44228",))
    preview = exemptions.preview(workspace, wanted)
    assert preview.covered == 0
    assert any("stay open: they have other vulnerabilities too" in warning for warning in preview.warnings)
    exemptions.add(workspace, wanted, "ann")
    assert effect(workspace) == "counted"
    assert told(workspace) == [("CVE-2021-44228", "one")]


def test_a_finding_of_which_nothing_is_left_is_exempt(workspace, clock, machines):
    wanted = exemption(clock, checks=(CHECK,), cves=("CVE-2021-44228", "CVE-2022-22965"))
    assert exemptions.preview(workspace, wanted).covered > 0
    exemptions.add(workspace, wanted, "ann")
    assert effect(workspace) == "waived"


def test_several_exemptions_together_leave_nothing_until_the_first_of_them_ends(workspace, clock, machines):
    exemptions.add(workspace, exemption(clock, cves=("GHSA-jfh8-c2jp-5v3q",), kind=Kind.MITIGATED), "ann")
    exemptions.add(workspace, exemption(clock, "two", days=10, cvss_at_least=9.8, cvss_at_most=9.8), "ann")
    assert effect(workspace) == "waived"
    row = workspace.store.findings.get(None, the_finding(workspace).id)
    assert row.effect_until == clock() + timedelta(days=10)


def test_one_kind_of_mitigation_is_a_mitigation(workspace, clock, machines):
    exemptions.add(workspace, exemption(clock, cvss_at_least=0.0, kind=Kind.MITIGATED), "ann")
    assert effect(workspace) == "mitigated"


def test_a_vulnerability_without_a_score_is_never_meant_by_one(workspace, clock, machines):
    machines.found = [LOG4SHELL, UNRATED]
    scan(workspace, [machines], ScanOptions())
    exemptions.add(workspace, exemption(clock, cvss_at_least=0), "ann")
    assert effect(workspace) == "counted"


def test_a_new_vulnerability_brings_an_exempt_finding_back(workspace, clock, machines):
    machines.found = [LOG4SHELL]
    scan(workspace, [machines], ScanOptions())
    exemptions.add(workspace, exemption(clock, cves=(LOG4SHELL.id,)), "ann")
    assert effect(workspace) == "waived"
    machines.found = [LOG4SHELL, OTHER]
    scan(workspace, [machines], ScanOptions())
    assert effect(workspace) == "counted"


def test_a_finding_that_may_have_more_than_it_names_is_never_exempt(workspace, clock, machines):
    machines.found = [structs.replace(LOG4SHELL, package=f"p{n}") for n in range(30)]
    scan(workspace, [machines], ScanOptions())
    exemptions.add(workspace, exemption(clock, cves=(LOG4SHELL.id,)), "ann")
    assert effect(workspace) == "counted"


@pytest.mark.parametrize("covers", [{"cvss_at_least": 11.0}, {"cvss_at_least": 9.0, "cvss_at_most": 8.0}])
def test_scores_that_are_no_range_are_refused(workspace, clock, covers):
    with pytest.raises(UsageError, match="no range within 0 to 10"):
        exemptions.add(workspace, exemption(clock, **covers), "ann")
