"""Channels and alerts: what is refused, how secrets are kept, and who is told once of what."""

import sqlite3
from datetime import timedelta

import pytest

from poise.app import notifying
from poise.app.scan import ScanOptions, scan
from poise.model.errors import UsageError
from poise.model.notice import Channel, ChannelKind, EventKind, Notice
from poise.notify.delivery import Delivery, NotDelivered
from tests.app.conftest import FakeCloud, bucket

HOOK = "https://93.184.215.14/services/T0/B0/sup3rsecretpath"


def channel(**changes):
    return Channel(**({"name": "hook", "kind": ChannelKind.WEBHOOK, "url": HOOK} | changes))


def outbox(workspace):
    return [row.message for row in workspace.store.due.outbox().rows]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"url": ""}, "names no address to call"),
        ({"url": "https://10.0.0.1/"}, "is not public"),
        ({"url": "https://169.254.169.254/latest"}, "credentials"),
        ({"url": "https://[::ffff:127.0.0.1]/"}, "is not public"),
        ({"url": "http://93.184.215.14/"}, "without TLS"),
        ({"url": "ftp://93.184.215.14/"}, "no URL"),
        ({"name": "a b"}, "a name is of"),
        ({"kind": ChannelKind.MAIL, "url": ""}, "names no address"),
        ({"kind": ChannelKind.MAIL, "url": "", "to": ("ann",)}, "'ann' is no mail address"),
        ({"kind": ChannelKind.JIRA}, "names no project"),
        ({"kind": ChannelKind.JIRA, "options": {"project": "A", "version": "9"}}, "version is 3"),
        ({"options": {"project": "A"}}, "no option 'project'"),
    ],
)
def test_a_channel_that_cannot_be_is_refused(workspace, changes, says):
    with pytest.raises(UsageError, match=says):
        notifying.set_channel(workspace, channel(**changes), "", "ann")
    assert notifying.channels(workspace) == ()


@pytest.mark.parametrize("kind", [ChannelKind.WEBHOOK, ChannelKind.SLACK, ChannelKind.TEAMS])
def test_secrets_are_in_no_file_of_the_store_and_in_no_log(workspace, tmp_path, kind):
    shown = notifying.set_channel(workspace, channel(kind=kind), "sh4red", "ann")
    assert "sup3rsecretpath" not in shown.url
    assert notifying.secret_of(workspace, shown) == notifying.Secret("sh4red", HOOK)
    workspace.store.backup(tmp_path / "copy.db")
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        assert b"sh4red" not in content, file
        assert b"sup3rsecretpath" not in content, file
    dump = "\n".join(sqlite3.connect(tmp_path / "copy.db").iterdump())
    assert "sh4red" not in dump
    assert "sup3rsecretpath" not in dump


def test_a_secret_stays_if_none_is_given_and_goes_with_its_channel(workspace):
    notifying.set_channel(workspace, channel(), "sh4red", "ann")
    notifying.set_channel(workspace, channel(events=(EventKind.DIGEST,)), "", "ann")
    assert notifying.secret_of(workspace, channel()).key == "sh4red"
    notifying.remove_channel(workspace, "hook", "ann")
    assert notifying.secret_of(workspace, channel()) == notifying.Secret()


def test_under_another_key_a_secret_is_not_read(workspace):
    workspace.delivery = Delivery(key=b"one key of a file")
    notifying.set_channel(workspace, channel(), "sh4red", "ann")
    workspace.delivery = Delivery(key=b"another")
    with pytest.raises(NotDelivered, match="another key"):
        notifying.secret_of(workspace, channel())


def critical(workspace):
    """Make every open finding one of critical risk, as risk rules would."""
    from poise.store import schema

    with workspace.store._core.database.write() as connection:
        connection.execute(schema.finding.update().values(risk=4))


@pytest.fixture
def alarmed(workspace, clock):
    cloud = FakeCloud(clock)
    cloud.buckets = [bucket("a", versioning=None)]
    notifying.set_channel(workspace, channel(kind=ChannelKind.MAIL, url="", to=("ann@example.org",)), "", "ann")
    scan(workspace, [cloud], ScanOptions())
    assert outbox(workspace) == []
    critical(workspace)
    return cloud


def test_a_new_critical_finding_is_told_of_once(workspace, alarmed):
    count = notifying.alert(workspace)
    assert count >= 1
    message = outbox(workspace)[0]
    assert message.to == "ann@example.org"
    assert message.notice.event is EventKind.CRITICAL_FINDING
    assert str(count) in message.notice.subject
    assert notifying.alert(workspace) == 0
    assert len(outbox(workspace)) == 1


def test_without_listeners_nobody_is_told_later_of_what_is_old(workspace, alarmed):
    notifying.remove_channel(workspace, "hook", "ann")
    assert notifying.alert(workspace)
    notifying.set_channel(workspace, channel(kind=ChannelKind.MAIL, url="", to=("ann@example.org",)), "", "ann")
    assert notifying.alert(workspace) == 0
    assert outbox(workspace) == []


def test_a_finding_that_comes_back_is_told_of_again(workspace, alarmed, clock):
    notifying.alert(workspace)
    clock.pass_days(1)
    alarmed.buckets = [bucket("a")]
    scan(workspace, [alarmed], ScanOptions())
    critical(workspace)
    clock.pass_days(1)
    alarmed.buckets = [bucket("a", versioning=None)]
    scan(workspace, [alarmed], ScanOptions())
    critical(workspace)
    clock.now += timedelta(seconds=1)
    assert notifying.alert(workspace) >= 1


def test_an_event_from_elsewhere_is_told_once_for_each_key(workspace, clock):
    notifying.set_channel(workspace, channel(), "k", "ann")
    notice = Notice(event=EventKind.CRITICAL_PATH, subject="s", lead="l", made_at=clock())
    assert notifying.raise_event(workspace, "path:1", notice) == 1
    notifying.raise_event(workspace, "path:1", notice)
    assert len(outbox(workspace)) == 1


def desk(url, **changes):
    return channel(kind=ChannelKind.JIRA, name="desk", url=url, options={"project": "SEC"}, **changes)


def test_a_secret_does_not_follow_its_channel_to_another_host(workspace):
    notifying.set_channel(workspace, desk("https://93.184.215.14/jira"), "sh4red", "ann")
    for elsewhere in ("https://93.184.215.15/jira", "https://93.184.215.14:8443/jira"):
        with pytest.raises(UsageError, match="given for another address"):
            notifying.set_channel(workspace, desk(elsewhere), "", "eve")
    (kept,) = notifying.channels(workspace)
    assert kept.url == "https://93.184.215.14/jira"
    moved = notifying.set_channel(workspace, desk("https://93.184.215.14/other"), "", "ann")
    assert notifying.secret_of(workspace, moved).key == "sh4red"
    moved = notifying.set_channel(workspace, desk("https://93.184.215.15/jira"), "n3w", "ann")
    assert notifying.secret_of(workspace, moved).key == "n3w"
