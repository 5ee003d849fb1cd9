from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poise.model.asset import content_hash
from poise.model.aws.s3 import AclGrant, PublicAccessBlock, S3Bucket
from poise.model.check import finding_id as model_finding_id
from poise.model.judged import CheckFacts
from poise.model.verdict import Severity
from poise.store import codec, scoring
from tests.store.estate import bucket

FLAGS = dict.fromkeys(
    ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets"), True
)
FULL = {
    "policy": {"Statement": [{"Effect": "Allow", "Principal": "*"}], "n": 1.5, "deep": [[[]]]},
    "acl": (AclGrant(grantee="http://acs.amazonaws.com/groups/global/AllUsers", permission="READ"),),
    "public_access_block": PublicAccessBlock(**FLAGS),
    "tags": {"team": "\u202eevil", "empty": ""},
    "versioning": None,
    "lifecycle_rules": 3,
    "replication": ("arn:aws:s3:::other",),
}


@given(st.sets(st.sampled_from(["tags", *S3Bucket.FACTS])))
def test_an_asset_comes_back_the_same_with_any_facts_unread(unread: set[str]):
    asset = bucket("ä\u202e<b>", unread=dict.fromkeys(unread, "AccessDenied"), **FULL)
    written = codec.write_asset(asset)
    assert codec.read_asset(S3Bucket, written) == asset
    assert hashlib.sha256(codec.unpress(written)).digest() == content_hash(asset)


def test_a_fact_that_the_record_gained_later_is_unread():
    written = codec.write_asset(bucket("a"))
    plain = codec.unpress(written).replace(b'"object_lock":false,', b"")
    asset = codec.read_asset(S3Bucket, codec.press(plain))
    assert asset.unread == {"object_lock": codec.NOT_STORED}
    assert asset.encryption == "AES256"


def test_a_fact_of_another_type_or_that_the_record_lost_spoils_no_other():
    plain = codec.unpress(codec.write_asset(bucket("a")))
    plain = plain.replace(b'"website":false', b'"website":"no","forgotten":1')
    asset = codec.read_asset(S3Bucket, codec.press(plain))
    assert asset.unread["website"].startswith("malformed")
    assert list(asset.unread) == ["website"]


def test_finding_ids_are_those_of_the_model():
    class Renamed:
        id, formerly = "aws.s3.new", ("aws.s3.old", "aws.s3.middle")

    facts = CheckFacts(Severity.LOW, formerly=Renamed.formerly)
    assert scoring.finding_id("aws.s3.new", facts, "arn") == model_finding_id(Renamed, "arn")
    Renamed.formerly = ()
    assert scoring.finding_id("aws.s3.new", None, "arn") == model_finding_id(Renamed, "arn")


tag_words = st.text(max_size=6, alphabet=st.characters(codec="utf-8", exclude_characters="\x00\x1e\x1f"))


@given(st.dictionaries(tag_words, tag_words, max_size=5))
def test_tags_come_back_and_each_can_be_found(tags: dict[str, str]):
    text = codec.write_tags(bucket("a", tags=tags))
    assert codec.read_tags(text) == tags
    for name, value in tags.items():
        assert codec.tag_text(name, value) in text


def test_a_tag_is_not_found_inside_others():
    text = codec.write_tags(bucket("a", tags={"environment": "production", "x": "y"}))
    for name, value in (("ment", "production"), ("environment", "prod"), ("x", ""), ("", "y")):
        assert codec.tag_text(name, value) not in text


@given(st.lists(st.tuples(st.integers(0, 2**26 - 1), st.integers(0, 63)), unique_by=lambda pair: pair[0]))
def test_pairs_come_back_sorted(pairs: list[tuple[int, int]]):
    assert codec.read_pairs(codec.number_pairs(pairs)) == sorted(pairs)


@pytest.mark.parametrize("seen", [10**30, {1: object()}, {"a": {2, 1}}, b"\xff", "\ud800", float("nan")])
def test_evidence_of_any_form_is_stored(seen: object):
    blob = codec.pack([(1, 2, "because", codec.plain_evidence(seen), None)])
    assert codec.unpack(blob)[0].reason == "because"


def test_moments_are_exact():
    when = datetime(2026, 11, 25, 12, 0, 0, 123456, tzinfo=UTC)
    assert codec.from_moment(codec.to_moment(when)) == when
    assert codec.to_moment(when + timedelta(microseconds=1)) == codec.to_moment(when) + 1
