"""Typed records: gaps, equality, pickling and JSON over every subset of unread fields."""

import pickle

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poise.model import NotCollected, replace
from poise.model.asset import build, content_hash, to_json
from poise.model.aws.s3 import S3Bucket
from poise.model.samples.aws import S3_BUCKET

FIELDS = ("tags", *S3Bucket.FACTS)
IDENTITY = {"id": "arn:aws:s3:::x", "name": "x", "scope": "1", "region": "r"}


@given(st.sets(st.sampled_from(FIELDS)))
def test_any_subset_of_fields_may_be_unread(fields):
    bucket = replace(S3_BUCKET, unread=dict.fromkeys(fields, "AccessDenied"))

    assert pickle.loads(pickle.dumps(bucket)) == bucket
    assert hash(bucket) == hash(S3_BUCKET)
    assert (bucket == S3_BUCKET) == (not fields)
    assert (content_hash(bucket) == content_hash(S3_BUCKET)) == (not fields)
    assert repr(bucket)
    assert bucket.known().keys() == set(S3Bucket.FACTS) - fields
    written = msgspec.json.decode(msgspec.json.encode(to_json(bucket)))
    facts = written["record"] | ({} if "tags" in fields else {"tags": written["tags"]})
    assert build(S3Bucket, {k: written[k] for k in IDENTITY}, facts, written["unread"]) == bucket
    for field in fields:
        with pytest.raises(NotCollected, match="AccessDenied"):
            getattr(bucket, field)


def test_a_name_that_is_no_field_is_an_error_and_no_gap():
    with pytest.raises(AttributeError, match="no field 'polcy'"):
        S3_BUCKET.polcy  # noqa: B018
    with pytest.raises(TypeError, match="polcy"):
        replace(S3_BUCKET, polcy=None)


def test_a_record_cannot_be_changed():
    with pytest.raises(AttributeError, match="frozen"):
        S3_BUCKET.policy = None
    with pytest.raises(AttributeError, match="frozen"):
        del S3_BUCKET.policy


def test_a_field_must_be_known_or_unread():
    facts = S3_BUCKET.known()
    del facts["policy"]
    with pytest.raises(TypeError, match="neither known nor unread"):
        S3Bucket(**IDENTITY, tags={}, **facts)
    with pytest.raises(TypeError, match="both known and unread"):
        S3Bucket(**IDENTITY, tags={}, unread={"policy": "x", "acl": "x"}, **facts)


@pytest.mark.parametrize(
    ("value", "reason"),
    [(5, "malformed"), ([1], "malformed"), ({"a": 2**70}, ""), ({"a": "\ud800"}, "malformed")],
)
def test_a_value_of_a_wrong_type_becomes_one_gap(value, reason):
    facts = S3_BUCKET.known() | {"tags": {}, "policy": value}

    bucket = build(S3Bucket, IDENTITY, facts, {})

    assert bucket.unread.get("policy", "").startswith(reason)
    assert set(bucket.unread) <= {"policy"}
    content_hash(bucket)


def test_a_forgotten_field_is_a_gap_and_never_a_value():
    assert build(S3Bucket, IDENTITY, {}, {}).unread.keys() == set(FIELDS)
