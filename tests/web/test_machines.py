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
from poise.model.host.disk_scan import DiskScan, ScanCost, VolumeFacts
from poise.model.host.estate import NotScanned
from poise.model.host.secrets import SecretOnDisk
from poise.model.host.vulnerabilities import KnownVulnerability, Unmatched, Vulnerabilities
from poise.model.listing import Collected, Listing, ListingState, PartitionKey, Scope
from poise.model.samples.aws_ec2 import INSTANCE
from poise.model.samples.host import HOSTS, MACHINE, SECRETS, SOFTWARE
from tests.web.estate import Clock, empty_estate
from tests.web.visitor import visitor_of, words

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
VOLUME = VolumeFacts(
    name="disk 1, partition 2",
    container="raw",
    kind="btrfs",
    size_bytes=30 << 30,
    uuid="",
    label="",
    mounted_at="",
    needs_recovery=None,
    reason="btrfs is not supported",
)
READ = DiskScan(
    id=f"{OF_CLOUD.id}#disk_scan",
    name="cloud",
    scope=MACHINE.scope,
    region="global",
    tags={},
    machine=OF_CLOUD.id,
    cloud_asset=CLOUD.id,
    state="partly_read",
    reasons=("disk 1, partition 2: btrfs is not supported",),
    volumes=(VOLUME,),
    snapshots=("snap-0a",),
    sizes=(30 << 30,),
    blocks=("0-3",),
    reader="x",
    cost=ScanCost(
        seconds=1.94,
        most_seconds=900,
        bytes_read=7 << 20,
        most_bytes=16 << 30,
        requests=14,
        most_requests=100_000,
        blocks_read=14,
        memory_bytes=245 << 20,
        most_memory_bytes=1 << 30,
    ),
    unchanged_since=(),
)
LOCKED = replace(
    READ,
    id=f"host://{CLOUD.id}7#disk_scan",
    name="locked",
    machine=f"host://{CLOUD.id}7",
    cloud_asset=f"{CLOUD.id}7",
    state="not_read",
    reasons=("no key opens disk 1, partition 1",),
    snapshots=(),
)
EXCLUDED = replace(
    LOCKED,
    id=f"host://{CLOUD.id}8#disk_scan",
    name="excluded",
    machine=f"host://{CLOUD.id}8",
    cloud_asset=f"{CLOUD.id}8",
    state="excluded",
    reasons=("its tag poise-scan says no",),
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
        locked, excluded = (replace(CLOUD, id=f"{CLOUD.id}{end}", name="x") for end in (7, 8))
        clouds = (CLOUD, never, locked, excluded)
        assets = (MACHINE, SOFTWARE, FLAWS, secrets, hosts, *clouds, OF_CLOUD, READ, LOCKED, EXCLUDED)
        scan(opened, [Machines(opened.clock, assets)], ScanOptions())
        yield opened


def test_every_machine_stands_in_the_list_with_the_reason_why_it_was_not_scanned(workspace):
    found = {row.name: row for row in machines(workspace)}
    assert found["web-1"].state == "ok"
    assert found["web-1"].vulnerabilities == {"high": 1}
    assert (found["web-1"].exploited, found["web-1"].secrets, found["web-1"].packages) == (1, 1, 3)
    assert found["cloud"].state == "partial"
    assert found["cloud"].reason == "disk 1, partition 2: btrfs is not supported; pam: permission denied"
    assert found["cloud"].vulnerabilities is None
    assert (found["host://gone"].state, found["host://gone"].reason) == ("failed", "nothing listens there")
    assert (found["never"].state, found["never"].reason) == ("skipped", NEVER)
    assert (found["locked"].state, found["locked"].reason) == ("failed", "no key opens disk 1, partition 1")
    assert (found["excluded"].state, found["excluded"].reason) == ("skipped", "its tag poise-scan says no")
    assert len(found) == 6


def test_a_machine_known_from_before_says_that_the_latest_try_read_nothing(tmp_path):
    with empty_estate(tmp_path) as opened:
        gone = replace(READ, state="not_read", reasons=("the snapshot is gone",))
        scan(opened, [Machines(opened.clock, (OF_CLOUD, gone))], ScanOptions())
        (row,) = machines(opened)
    assert row.state == "partial"
    assert row.reason.startswith("as of an earlier scan, the latest read nothing: the snapshot is gone")


def test_nothing_was_all_readable_if_the_latest_try_left_something_out(tmp_path):
    with empty_estate(tmp_path) as opened:
        whole = replace(OF_CLOUD, unread={}, pam=MACHINE.pam)
        scan(opened, [Machines(opened.clock, (whole, READ))], ScanOptions())
        page = visitor_of(opened).page(f"/inventory/{quote(whole.id, safe='')}?tab=scan")
    assert "Everything was readable" not in words(page)
    assert "btrfs is not supported" in words(page)


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


def test_the_tab_of_a_scan_shows_snapshots_volumes_accounts_and_what_starts(visitor):
    text = words(visitor.page(f"/inventory/{quote(CLOUD.id, safe='')}?tab=scan"))
    for said in ("Read in part", "snap-0a", "disk 1, partition 2", "30.0 GiB", "btrfs is not supported"):
        assert said in text
    assert MACHINE.users[-1].name in text
    assert MACHINE.services[0].name in text


def test_the_tab_of_a_scan_shows_what_it_cost_and_what_it_might_have(visitor):
    text = words(visitor.page(f"/inventory/{quote(CLOUD.id, safe='')}?tab=scan"))
    for said in ("7.0 MiB of 16.0 GiB allowed", "14 requests of 100,000", "1.9 s", "245.0 MiB of memory of 1.0 GiB"):
        assert said in text


@pytest.mark.parametrize(
    ("scan_of_now", "says"),
    [
        (replace(READ, unchanged_since=("snap-09",)), "nothing: no block that its facts came from has changed since"),
        (replace(READ, unread={"cost": "not kept", "unchanged_since": "not kept"}), "Read in part"),
    ],
    ids=["unchanged", "kept by an earlier version"],
)
def test_the_tab_of_a_scan_that_read_nothing_or_is_old_says_no_cost(tmp_path, scan_of_now, says):
    with empty_estate(tmp_path) as opened:
        scan(opened, [Machines(opened.clock, (OF_CLOUD, scan_of_now))], ScanOptions())
        page = words(visitor_of(opened).page(f"/inventory/{quote(OF_CLOUD.id, safe='')}?tab=scan"))
    assert says in page
    assert "Read from disks" not in page or "nothing" in says
    assert "of 16.0 GiB" not in page


def test_a_machine_that_could_not_be_read_has_a_tab_that_says_why(visitor):
    text = words(visitor.page(f"/inventory/{quote(LOCKED.cloud_asset, safe='')}?tab=scan"))
    assert "Not read" in text
    assert "Tried" in text
    assert "no key opens disk 1, partition 1" in text
    assert "Everything was readable" not in text
    assert "Software was not read" in words(visitor.page(f"/inventory/{quote(LOCKED.id, safe='')}?tab=software"))


def test_the_api_lists_machines_and_software(visitor):
    rows = visitor.get("/api/v1/machines").json()["rows"]
    assert {row["state"] for row in rows} == {"ok", "partial", "failed", "skipped"}
    assert visitor.get("/api/v1/software").json()["rows"][0]["name"] == "nginx"
