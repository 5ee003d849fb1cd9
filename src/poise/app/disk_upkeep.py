"""What scanning disks leaves behind, and what it needs: leftover snapshots, least-privilege policies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import msgspec

from poise.app.disk_doors import aws_clients, azure_snapshots, http_client
from poise.app.doors import AwsWanted, AzureWanted, Clock
from poise.disk.source import aws_snapshots
from poise.disk.source import azure_snapshots as azure
from poise.disk.source.aws_snapshots import TAG
from poise.disk.source.block import BlockUnread
from poise.model.errors import UsageError

TAGGED = "ec2:CreateTags", "ec2:DeleteSnapshot"


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    """A leftover snapshot, and what became of it."""

    snapshot: str
    state: str
    """`deleted`, `kept` in a dry run, or `failed`."""
    reason: str = ""


def sweep_aws(wanted: AwsWanted, older_than: timedelta, clock: Clock, *, dry_run: bool) -> Iterator[Removed]:
    """Delete the snapshots that scans of one region left behind; yield each."""
    snapshots = aws_clients(wanted).snapshots
    for one in _listed(lambda: snapshots.leftover(older_than, clock())):
        yield Removed(snapshot=one.id, state="kept") if dry_run else _swept(one.id, lambda: snapshots.delete(one))  # noqa: B023


def sweep_azure(wanted: AzureWanted, older_than: timedelta, clock: Clock, *, dry_run: bool) -> Iterator[Removed]:
    """Delete the snapshots that scans left behind in subscriptions; yield each."""
    if not wanted.subscriptions:
        raise UsageError("No subscription is given.", "Pass --subscription.")
    with http_client(wanted) as client:
        snapshots = azure_snapshots(wanted, client, clock)
        for subscription in wanted.subscriptions:
            for one in _listed(lambda: snapshots.leftover(subscription, older_than)):  # noqa: B023
                if dry_run:
                    yield Removed(snapshot=one, state="kept")
                else:
                    yield _swept(one, lambda: snapshots.delete(one))  # noqa: B023


def policy(provider: str, subscriptions: tuple[str, ...] = ()) -> Mapping[str, Any]:
    """Return the policy that scanning disks needs beside the reader's, made from the calls that it makes.

    Raises :class:`UsageError` for a provider whose disks cannot be scanned.
    """
    if provider == "aws":
        return _aws_policy()
    if provider == "azure":
        return _azure_role(subscriptions)
    raise UsageError(f"Disks of {provider!r} cannot be scanned.", "Choose aws or azure.")


def _aws_policy() -> Mapping[str, Any]:
    free = sorted({read.permission for read in aws_snapshots.READS} - set(TAGGED))
    tags_new = {"StringEquals": {"ec2:CreateAction": "CreateSnapshots"}}
    is_ours = {"Null": {f"aws:ResourceTag/{TAG}": "false"}}
    snapshots = "arn:*:ec2:*:*:snapshot/*"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "PoiseReadsDisks", "Effect": "Allow", "Action": free, "Resource": "*"},
            _statement("PoiseTagsNewSnapshots", TAGGED[0], snapshots, tags_new),
            _statement("PoiseDeletesItsSnapshots", TAGGED[1], snapshots, is_ours),
        ],
    }


def _statement(sid: str, action: str, resource: str, condition: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": [action], "Resource": resource, "Condition": condition}


def _azure_role(subscriptions: tuple[str, ...]) -> Mapping[str, Any]:
    return {
        "Name": "Poise disk scanner",
        "IsCustom": True,
        "Description": "Makes snapshots of disks, reads and deletes them.",
        "Actions": sorted({read.permission for read in azure.READS}),
        "NotActions": [],
        "DataActions": [],
        "NotDataActions": [],
        "AssignableScopes": [f"/subscriptions/{one}" for one in subscriptions or ("SUBSCRIPTION_ID",)],
    }


def _listed(question: Callable[[], list[Any]]) -> list[Any]:
    try:
        return question()
    except BlockUnread as problem:
        raise UsageError(f"{problem.reason}.") from problem


def _swept(id: str, delete: Callable[[], None]) -> Removed:
    try:
        delete()
    except BlockUnread as problem:
        return Removed(snapshot=id, state="failed", reason=problem.reason)
    return Removed(snapshot=id, state="deleted")
