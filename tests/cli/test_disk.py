"""`poise disk`: the door to scanning machines through their disks."""

from __future__ import annotations

import pytest

from tests.disk import machines
from tests.disk.facts import test_stored_images
from tests.disk.machines import PACKAGES

KEYS = {"os", "packages", "vulnerabilities", "secrets", "findings", "stats"}


@pytest.fixture
def image(tmp_path):
    root = machines.write_machine(tmp_path / "root")
    key = (
        "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEowIBAAKCAQEAu1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0gun\n" * 20
    )
    (root / "home/deploy").mkdir(parents=True)
    (root / "home/deploy/key.pem").write_text(key + "-----END RSA PRIVATE KEY-----\n")
    return machines.ext(root, tmp_path / "web-1.img")


def test_a_scan_of_an_image_answers_in_the_agreed_shape(poise, image):
    done = poise("disk", "scan", image, "-o", "json")

    assert done.code == 0
    assert set(done.json) >= KEYS
    assert set(done.json["stats"]) >= {"blocks_read", "bytes_read", "seconds"}
    assert done.json["os"]["id"] == "debian"
    assert sorted(one["name"] for one in done.json["packages"]) == sorted(PACKAGES)
    assert [one["path"] for one in done.json["secrets"]] == ["/home/deploy/key.pem"]
    assert done.json["volumes"][0]["mounted_at"] == "/"


def test_what_was_not_matched_is_unknown_and_not_none(poise, image):
    done = poise("disk", "scan", image, "-o", "json")

    assert done.json["vulnerabilities"] is None
    assert done.json["unmatched"]
    assert "vulnerabilities unknown" in done.err


def test_a_machine_is_kept_as_assets(poise, image):
    poise("disk", "scan", image)

    kinds = {row["kind"]: row["id"] for row in poise("list", "assets", "-o", "json").json}

    assert kinds["Machine"] == "host://web-1"
    assert kinds["Software"] == "host://web-1#software"
    assert "Secrets" in kinds


def test_what_a_scan_cost_is_kept_with_its_budgets(poise, image):
    stats = poise("disk", "scan", image, "-o", "json").json["stats"]

    (told,) = (row["record"] for row in poise("list", "assets", "--kind", "DiskScan", "-o", "json").json)
    cost = told["cost"]
    assert (cost["bytes_read"], cost["requests"], cost["seconds"]) == (
        stats["bytes_read"],
        stats["requests"],
        stats["seconds"],
    )
    assert 0 < cost["bytes_read"] < cost["most_bytes"]
    assert 0 < cost["seconds"] < cost["most_seconds"]
    assert 0 < cost["memory_bytes"] < cost["most_memory_bytes"]
    assert told["unchanged_since"] == []


def test_no_secret_is_kept(poise, image, tmp_path):
    poise("disk", "scan", image, "--db", tmp_path / "own.db")

    assert b"MIIEowIBAAKCAQEAu1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0gun" not in (tmp_path / "own.db").read_bytes()


def test_a_machine_that_cannot_be_read_leaves_what_was_known(poise, image):
    poise("disk", "scan", image)
    machines.put(image, 1024, bytes(1024))

    done = poise("disk", "scan", image, "--require-complete", "-o", "json")

    assert done.code == 3
    assert done.json["packages"] is None
    assert "Not read: " in done.err
    assert {"Machine", "Software"} <= {row["kind"] for row in poise("list", "assets", "-o", "json").json}


def test_a_folder_is_scanned_too(poise, tmp_path):
    root = machines.write_machine(tmp_path / "root")

    done = poise("disk", "scan", "--root", root, "--name", "db-1", "--no-secrets", "-o", "json")

    assert done.json["machine"] == "host://db-1"
    assert len(done.json["packages"]) == len(PACKAGES)
    assert done.json["secrets"] is None


def test_a_dry_run_reads_nothing(poise, image):
    done = poise("disk", "scan", image, "--dry-run", "-o", "json")

    assert done.json[0]["disk"] == str(image)
    assert "Nothing was made or read" in done.err
    assert poise("list", "assets", "-o", "json").json == []


def test_a_spent_budget_is_told(poise, image):
    done = poise("disk", "scan", image, "--most-gib", "0.001", "-o", "json")

    assert "budget" in done.err
    assert done.json["packages"] is None or done.json["unread"]


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ((), "Give images or snapshots"),
        (("nothing.img",), "does not exist"),
        (("--root", "nowhere"), "is no folder"),
        (("--root", ".", "x.img"), "Give images or snapshots"),
        (("snap-1", "x.img"), "all files, all snapshots"),
        (("http://elsewhere.example/x?sig=SECRET",), "https"),
    ],
)
def test_wrong_words_are_a_usage_error(poise, words, what):
    done = poise("disk", "scan", *words)

    assert done.code == 2
    assert what in done.err
    assert "SECRET" not in done.err


def test_the_policy_of_aws_deletes_snapshots_of_ours_alone(poise):
    statements = poise("disk", "policy", "aws").out

    assert '"ec2:DeleteSnapshot"' in statements
    assert '"aws:ResourceTag/poise:disk-scan": "false"' in statements
    assert "ebs:GetSnapshotBlock" in statements


def test_the_role_of_azure_reads_and_deletes_snapshots_alone(poise):
    role = poise("disk", "policy", "azure", "--scope", "s1").out

    assert "Microsoft.Compute/snapshots/delete" in role
    assert "/subscriptions/s1" in role
    assert "virtualMachines/write" not in role


def test_the_janitor_asks_for_a_cloud_that_there_is(poise):
    assert poise("disk", "janitor", "elsewhere").code == 2
    assert poise("disk", "janitor", "azure").code == 2


def test_images_in_the_store_of_a_machine_are_assets_of_their_own(poise, tmp_path):
    root = machines.write_machine(tmp_path / "root")
    test_stored_images.store(root)

    poise("disk", "scan", "--root", root, "--name", "db-1", "--no-secrets")

    rows = {row["id"] for row in poise("list", "assets", "-o", "json").json if row["kind"] == "Software"}
    assert "host://db-1#software" in rows
    assert any(row.startswith("host://db-1#image/") for row in rows)
