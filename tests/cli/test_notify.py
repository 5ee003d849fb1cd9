"""`poise notify` and `poise tick`: channels, schedules and what leaves, from the command line."""

import pytest


@pytest.fixture
def store(poise, tmp_path):
    return lambda *words: poise(*words, "--db", str(tmp_path / "p.db"))


def test_a_channel_is_added_listed_and_removed_and_its_secret_never_shown(store, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("sh4red")
    words = ("--kind", "webhook", "--url", "https://93.184.215.14/T0/x", "--secret-file", str(secret))
    added = store("notify", "add", "hook", *words)
    assert added.code == 0
    listed = store("notify", "list", "-o", "json")
    assert [row["name"] for row in listed.json] == ["hook"]
    assert "sh4red" not in listed.out + added.out + added.err
    assert store("notify", "remove", "hook").code == 0
    assert store("notify", "remove", "hook").code == 2


def test_a_channel_on_a_private_address_is_refused(store):
    result = store("notify", "add", "hook", "--kind", "webhook", "--url", "https://10.0.0.1/x")
    assert result.code == 2
    assert "is not public" in result.err


def test_work_is_scheduled_and_nonsense_is_refused(store):
    assert store("notify", "schedule", "digest", "weekly fri 16:00").code == 0
    rows = store("notify", "schedule", "-o", "json").json
    assert {row["schedule"] for row in rows if row["name"] == "digest"} == {"weekly fri 16:00"}
    assert store("notify", "schedule", "digest", "now and then").code == 2


def test_a_tick_with_nothing_due_ends_well(store):
    result = store("tick", "-o", "json")
    assert result.code == 0
    assert result.json["is_leader"] is True
    assert result.json["sent"] == 0
    assert store("notify", "outbox", "-o", "json").json == []


def test_a_message_that_there_is_not_cannot_be_sent_again(store):
    assert store("notify", "retry", "7").code == 2
