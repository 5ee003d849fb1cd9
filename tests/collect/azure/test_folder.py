"""The folder door: layout, gaps, hostile files."""

import json

import pytest

from poise.collect.azure.connector import AzureFolder
from poise.model.errors import UsageError
from poise.model.listing import ListingState
from tests.collect.azure.answers import FULL_ACCOUNT, HOME, SUB, TENANT
from tests.collect.azure.doors import NOW, read_folder, write_folder
from tests.collect.azure.more_answers import answers

ACCOUNTS = f"{HOME}/providers/Microsoft.Storage/storageAccounts"


@pytest.fixture
def root(tmp_path):
    return write_folder(tmp_path / "export", answers())


def file_of(root, path):
    return root / SUB / f"{path.lower().removeprefix(HOME.lower()).strip('/')}.json"


def folder(root):
    return AzureFolder(root, "files", lambda: NOW)


def test_scopes_are_the_folders_of_subscriptions(root):
    (root / "notes").mkdir()

    (scope,) = folder(root).scopes()

    assert (scope.id, scope.name, scope.path) == (SUB, "Shop production", (TENANT, "production"))
    assert AzureFolder.recognises(root)


def test_folder_without_a_subscription_is_an_error_that_names_it(tmp_path):
    assert not AzureFolder.recognises(tmp_path)
    assert not AzureFolder.recognises(tmp_path / "absent")
    with pytest.raises(UsageError, match=str(tmp_path)):
        folder(tmp_path).scopes()


def test_subscription_file_that_is_broken_still_gives_the_scope(root):
    (root / SUB / "subscription.json").write_text("{")

    (scope,) = folder(root).scopes()

    assert scope.name == SUB


def test_file_that_is_not_there_is_expected_to_be_missing(root):
    file_of(root, ACCOUNTS).unlink()

    collected = read_folder(root, "storage")

    assert [listing.state for listing in collected.listings] == [ListingState.NOT_IN_EXPORT]
    assert [gap.expected for gap in collected.gaps] == [True]


def test_error_that_was_recorded_is_that_error(root):
    denied = {"error": {"code": "AuthorizationFailed", "message": "no permission"}}
    file_of(root, ACCOUNTS).write_text(json.dumps(denied))

    collected = read_folder(root, "storage")

    assert [listing.state for listing in collected.listings] == [ListingState.DENIED]
    assert collected.gaps[0].permission == "Microsoft.Storage/storageAccounts/read"


@pytest.mark.parametrize("text", ["<html>", "", '{"value": [', "5", '{"value": 5}', "[" * 100_000])
def test_broken_file_is_a_gap(root, text):
    file_of(root, ACCOUNTS).write_text(text)

    collected = read_folder(root, "storage")

    assert [listing.state for listing in collected.listings] == [ListingState.PARTIAL]
    assert not collected.gaps[0].expected


def test_bare_array_is_a_list(root):
    file_of(root, ACCOUNTS).write_text(json.dumps([FULL_ACCOUNT]))

    assert [asset.name for asset in read_folder(root, "storage").assets] == ["shopdata"]


def test_list_that_was_cut_is_partial(root):
    cut = {"value": [FULL_ACCOUNT], "nextLink": "https://management.azure.com/next"}
    file_of(root, ACCOUNTS).write_text(json.dumps(cut))

    collected = read_folder(root, "storage")

    assert [asset.name for asset in collected.assets] == ["shopdata"]
    assert [listing.state for listing in collected.listings] == [ListingState.PARTIAL]
    assert "first page" in collected.gaps[0].reason


def test_case_of_file_names_does_not_matter(root):
    path = file_of(root, ACCOUNTS)
    path.rename(path.with_name("StorageAccounts.JSON"))

    assert len(read_folder(root, "storage").assets) == 2


def test_property_that_an_older_export_lacks_does_not_make_the_run_incomplete(root):
    item = FULL_ACCOUNT | {"properties": {k: v for k, v in FULL_ACCOUNT["properties"].items() if k[:2] != "pr"}}
    file_of(root, ACCOUNTS).write_text(json.dumps({"value": [item]}))

    collected = read_folder(root, "storage")

    assert set(collected.assets[0].unread) == {"private_endpoints"}
    assert collected.is_complete


def test_files_that_nobody_asked_for_are_named(root):
    extra = root / SUB / "readme.txt"
    extra.write_text("hello")
    connector = folder(root)
    (scope,) = connector.scopes()
    for key in connector.partitions(scope):
        connector.read(key)

    assert connector.not_needed() == [extra]
    assert {read.call for key in connector.partitions(scope) for read in connector.reads(key)} >= {
        "storage:StorageAccounts_List"
    }
