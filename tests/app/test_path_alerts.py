"""New attack paths of critical risk are told to whoever wants to hear of them."""

from __future__ import annotations

import pytest

from poise.app import notifying
from poise.app.scan import ScanOptions, scan
from poise.model import replace
from poise.model.notice import Channel, ChannelKind, EventKind
from poise.model.samples.aws import AWS_ACCOUNT, BLOCK_NONE
from tests.app.conftest import FakeCloud, bucket

EVERYONE_READS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::pii/*"}],
}


@pytest.fixture
def public(workspace, clock):
    """A scan of a bucket with personal data that everyone may read; its messages so far."""
    to = Channel(name="mail", kind=ChannelKind.MAIL, to=("ann@example.org",))
    notifying.set_channel(workspace, to, "", "ann")
    cloud = FakeCloud(clock, account=replace(AWS_ACCOUNT, public_access_block=BLOCK_NONE))
    cloud.buckets = [
        bucket("pii", policy=EVERYONE_READS, public_access_block=BLOCK_NONE, tags={"classification": "personal"})
    ]
    scan(workspace, [cloud], ScanOptions())
    return cloud


def told(workspace):
    rows = workspace.store.due.outbox().rows
    return [row.message.notice for row in rows if row.message.notice.event is EventKind.CRITICAL_PATH]


def test_a_critical_path_is_told_when_it_opens_and_not_again(workspace, public):
    (notice,) = told(workspace)
    assert notice.subject == "Poise: 1 new attack path of critical risk"
    assert "pii" in notice.sections[0].items[0].title
    scan(workspace, [public], ScanOptions())
    assert len(told(workspace)) == 1


def test_a_path_that_comes_back_is_told_again(workspace, public, clock):
    opened = public.buckets
    public.buckets = [bucket("pii", tags={"classification": "personal"})]
    clock.pass_days(1)
    scan(workspace, [public], ScanOptions())
    public.buckets = opened
    clock.pass_days(1)
    scan(workspace, [public], ScanOptions())
    assert len(told(workspace)) == 2


def test_a_fault_of_the_search_loses_nothing_and_is_told(workspace, public, monkeypatch):
    def fail(workspace):
        raise RuntimeError("no such luck")

    monkeypatch.setattr("poise.app.scan.keep_paths", fail)
    run = scan(workspace, [public], ScanOptions())
    assert run.paths is None
    assert run.paths_failed == "RuntimeError: no such luck"
    assert len(workspace.store.paths.all(None)) == 1
