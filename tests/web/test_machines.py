"""Machines: the list of those that were scanned and were not, software, and the tabs of a machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from msgspec.structs import replace as altered

from poise.app.machines import NEVER, counts, machines, software
from poise.app.scan import ScanOptions, scan
from poise.model import replace
from poise.model.host.estate import NotScanned
from poise.model.host.secrets import SecretOnDisk
from poise.model.host.vulnerabilities import KnownVulnerability, Unmatched, Vulnerabilities
from poise.model.listing import Collected, Listing, ListingState, PartitionKey, Scope
from poise.model.samples.aws_ec2 import INSTANCE
from poise.model.samples.host import HOSTS, MACHINE, SECRETS, SOFTWARE
from poise.web import bundle
from poise.web.server import create_app
from tests.web.estate import Clock, empty_estate
from tests.web.visitor import Visitor, words

FLAW = KnownVulnerability(
    id="CVE-2026-0001",
    aliases=(),
    package="nginx",
    version="1.26.3-3",
    ecosystem="Debian:13",
    purl="pkg:deb/debian/nginx@1.26.3-3",
    status="affected",
    booted=True,
    fixed_in="1.26.3-3+deb13u1",
    severity="high",
    cvss=None,
    epss=0.9,
    kev=True,
    published=None,
    sources=(),
    places=(),
)
FLAWS = Vulnerabilities(
    id=f"{MACHINE.id}#vulnerabilities",
    name=MACHINE.name,
    scope=MACHINE.scope,
    region="global",
    tags={},
    machine=MACHINE.id,
    found=(FLAW,),
    matched=3,
    unmatched=(),
    owned=0,
    index_date="2026-11-20",
    kev_date="2026-11-20",
    epss_date="2026-11-20",
    end_of_life="2028-08-09",
)
SECRET = SecretOnDisk(
    rule="private_key",
    path="/home/alice/.ssh/id_rsa",
    place="line 1",
    fingerprint="0123456789ab",
    last_four="",
    mode=0o600,
    uid=1000,
)
CLOUD = replace(INSTANCE, scope=MACHINE.scope)
OF_CLOUD = replace(
    MACHINE, id=f"host://{CLOUD.id}", name="cloud", cloud_asset=CLOUD.id, unread={"pam": "permission denied"}
)
UNCOMPARED = Unmatched(ecosystem="deb", packages=1, reason="no feed")
FAILED = NotScanned(machine="host://gone", reason="nothing listens there")


@dataclass
class Machines:
    """A list of hosts with one machine, one that failed, and two machines of a cloud."""

    clock: Clock
    assets: tuple
    source: str = "ssh"

    def scopes(self):
        return (Scope(MACHINE.scope, "host", "on premises"),)

    def partitions(self, scope):
        return (PartitionKey(self.source, "host", scope.id, "machines", "global"),)

    def reads(self, key):
        return ()

    def read(self, key):
        kinds = {asset.KIND for asset in self.assets}
        listings = tuple(Listing(kind, ListingState.COMPLETE) for kind in sorted(kinds))
        return Collected(key, self.assets, listings, (), self.clock())


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Iterator:
    never = replace(CLOUD, id=f"{CLOUD.id}9", name="never")
    hosts = replace(HOSTS, not_scanned=(FAILED,))
    secrets = replace(SECRETS, found=(SECRET,))
    with empty_estate(tmp_path_factory.mktemp("machines")) as opened:
        assets = (MACHINE, SOFTWARE, FLAWS, secrets, hosts, CLOUD, never, OF_CLOUD)
        scan(opened, [Machines(opened.clock, assets)], ScanOptions())
        yield opened


@pytest.fixture(scope="module")
def visitor(workspace) -> Visitor:
    if bundle.missing_assets():
        pytest.skip(bundle.missing_assets())
    return Visitor(create_app(workspace))


def test_every_machine_stands_in_the_list_with_the_reason_why_it_was_not_scanned(workspace):
    found = {row.name: row for row in machines(workspace)}
    assert found["web-1"].state == "ok"
    assert found["web-1"].vulnerabilities == {"high": 1}
    assert (found["web-1"].exploited, found["web-1"].secrets, found["web-1"].packages) == (1, 1, 3)
    assert (found["cloud"].state, found["cloud"].reason) == ("partial", "pam: permission denied")
    assert found["cloud"].vulnerabilities is None
    assert (found["host://gone"].state, found["host://gone"].reason) == ("failed", "nothing listens there")
    assert (found["never"].state, found["never"].reason) == ("skipped", NEVER)
    assert len(found) == 4


def test_a_package_with_a_vulnerability_stands_first(workspace):
    first, *others = software(workspace)
    assert (first.name, first.machines, first.vulnerabilities) == ("nginx", (MACHINE.id,), ("CVE-2026-0001",))
    assert [row.name for row in others] == ["bash", "openssh-server"]
    assert [row.name for row in software(workspace, text="SSH")] == ["openssh-server"]


def test_a_machine_that_was_compared_with_nothing_has_no_number_of_vulnerabilities(workspace):
    gone = altered(UNCOMPARED, packages=3)
    bare = replace(FLAWS, found=(), matched=0, unmatched=(gone,))

    assert counts(bare) is None
    assert counts(replace(FLAWS, found=())) == {}
    assert counts(None) is None


def test_the_page_of_machines_shows_all_of_them(visitor):
    text = words(visitor.page("/scans/machines"))
    for said in ("2 machines scanned", "nothing listens there", NEVER, "1 known to be exploited", "In part"):
        assert said in text


def test_the_page_of_software_shows_packages_and_finds_them(visitor):
    assert "CVE-2026-0001" in words(visitor.page("/inventory/software"))
    found = words(visitor.page("/inventory/software?q=bash"))
    assert "bash" in found
    assert "CVE-2026-0001" not in found


def test_a_machine_has_tabs_of_its_software_and_of_its_scan(visitor):
    text = words(visitor.page(f"/inventory/{quote(MACHINE.id, safe='')}?tab=software"))
    assert "CVE-2026-0001" in text
    assert "1.26.3-3+deb13u1" in text
    assert "/home/alice/.ssh/id_rsa" in words(visitor.page(f"/inventory/{quote(MACHINE.id, safe='')}?tab=scan"))


def test_the_cloud_asset_of_a_machine_has_its_tabs_too(visitor):
    text = words(visitor.page(f"/inventory/{quote(CLOUD.id, safe='')}?tab=scan"))
    assert OF_CLOUD.id in text
    assert "permission denied" in text


def test_the_api_lists_machines_and_software(visitor):
    rows = visitor.get("/api/v1/machines").json()["rows"]
    assert {row["state"] for row in rows} == {"ok", "partial", "failed", "skipped"}
    assert visitor.get("/api/v1/software").json()["rows"][0]["name"] == "nginx"
