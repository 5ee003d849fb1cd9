"""The engine: gaps become unknown, crashes are contained, incremental equals full."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poise.assess.engine import Judge
from poise.assess.rules import Settings
from poise.model import Check, Fix, NotCollected, Parameter, Severity, healthy, replace, unhealthy
from poise.model.aws.s3 import S3Bucket
from poise.model.errors import UsageError
from poise.model.inventory import ListInventory
from poise.model.judged import StoredKey
from poise.model.samples.aws import S3_BUCKET
from poise.model.verdict import State

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def check(evaluate, id="aws.s3.rule", **more):
    fix = Fix(console="c", cli="c", terraform="t")
    return Check(
        title="t", asset=S3Bucket, severity=Severity.LOW, since="0", source="s", evaluate=evaluate, fix=fix,
        examples=(), id=id, **more,
    )  # fmt: skip


def is_versioned(bucket):
    return healthy("on") if bucket.versioning else unhealthy("off")


def logs_into_existing_bucket(bucket, inventory):
    if bucket.logging_target is None:
        return healthy("no logging")
    found = inventory.of(S3Bucket, bucket.scope, name=bucket.logging_target)
    return healthy("target exists") if found else unhealthy("target is missing")


def has_versioned_neighbour(bucket, inventory):
    others = [b for b in inventory.of(S3Bucket, bucket.scope) if b.id != bucket.id]
    return healthy("one is") if any(b.versioning for b in others) else unhealthy("none is")


def stored(judged):
    return StoredKey(judged.key, judged.questions, judged.next_change_at)


def test_an_unread_fact_gives_unknown_with_the_reason():
    judged = Judge([check(is_versioned)], NOW).own(replace(S3_BUCKET, unread={"versioning": "AccessDenied"}))

    verdict = judged.verdicts["aws.s3.rule"]
    assert verdict.state is State.UNKNOWN
    assert "AccessDenied" in verdict.reason


def test_a_crash_is_unknown_and_counted_and_stops_nothing():
    judge = Judge([check(lambda b: 1 / 0, "aws.s3.a"), check(is_versioned, "aws.s3.b")], NOW)

    verdicts = judge.own(S3_BUCKET).verdicts

    assert verdicts["aws.s3.a"].state is State.UNKNOWN
    assert "ZeroDivisionError" in verdicts["aws.s3.a"].reason
    assert verdicts["aws.s3.b"].state is State.HEALTHY
    assert judge.crashes == {"aws.s3.a": 1}


def test_a_misspelt_field_is_a_crash_and_never_a_gap():
    judge = Judge([check(lambda b: healthy(b.versionning))], NOW)
    assert "AttributeError" in judge.own(S3_BUCKET).verdicts["aws.s3.rule"].reason


def test_an_incomplete_listing_makes_the_asker_unknown():
    judge = Judge(
        [check(has_versioned_neighbour)],
        NOW,
        inventory=ListInventory([S3_BUCKET], {("AWS::S3::Bucket", S3_BUCKET.scope): "throttled"}),
    )
    verdict = judge.neighbours(S3_BUCKET).verdicts["aws.s3.rule"]
    assert (verdict.state, "throttled" in verdict.reason) == (State.UNKNOWN, True)


def test_parameters_are_given_by_name_and_validated_per_scope():
    def rule(bucket, least):
        return healthy("enough") if bucket.lifecycle_rules >= least else unhealthy("too few")

    made = check(rule, parameters=(Parameter("least", 1, "Least number of rules.", lowest=0),))
    strict = Settings(by_scope={S3_BUCKET.scope: {"aws.s3.rule": {"least": 2}}})

    assert Judge([made], NOW).own(S3_BUCKET).verdicts["aws.s3.rule"].state is State.HEALTHY
    assert Judge([made], NOW, settings=strict).own(S3_BUCKET).verdicts["aws.s3.rule"].state is State.UNHEALTHY
    for wrong in ({"least": -1}, {"least": "many"}, {"most": 3}):
        with pytest.raises(UsageError):
            Judge([made], NOW, settings=Settings({"aws.s3.rule": wrong})).own(S3_BUCKET)


def test_a_changed_parameter_or_code_judges_again():
    made = check(lambda bucket, least: healthy("x"), parameters=(Parameter("least", 1, "m"),))
    first = stored(Judge([made], NOW).own(S3_BUCKET))

    assert Judge([made], NOW).own(S3_BUCKET, first) is None
    assert Judge([made], NOW, settings=Settings({"aws.s3.rule": {"least": 2}})).own(S3_BUCKET, first) is not None
    assert Judge([made], NOW, code=b"new").own(S3_BUCKET, first) is not None


def test_time_alone_judges_again_once_it_has_come():
    def rule(bucket, now):
        return healthy("young", next_change_at=NOW + timedelta(days=1))

    first = stored(Judge([check(rule)], NOW).own(S3_BUCKET))
    assert Judge([check(rule)], NOW + timedelta(hours=23)).own(S3_BUCKET, first) is None
    assert Judge([check(rule)], NOW + timedelta(days=1)).own(S3_BUCKET, first) is not None


buckets = st.dictionaries(
    st.sampled_from("abcd"),
    st.builds(
        lambda versioning, target, gap: (
            replace(
                S3_BUCKET,
                versioning=versioning,
                logging_target=target,
                unread={"versioning": "denied"} if gap else {},
            )
            if not gap
            else replace(replace(S3_BUCKET, logging_target=target), unread={"versioning": "denied"})
        ),
        st.sampled_from(["Enabled", None]),
        st.sampled_from(["a", "b", "z", None]),
        st.booleans(),
    ),
)
RULES = (
    check(is_versioned, "aws.s3.own"),
    check(logs_into_existing_bucket, "aws.s3.target"),
    check(has_versioned_neighbour, "aws.s3.neighbour"),
)


def estate(drawn):
    return [replace(b, id=f"arn:aws:s3:::{n}", name=n) for n, b in drawn.items()]


def passes(judge, assets, memory):
    """Judge all assets, reusing what is stored; return verdicts by (asset, check) and the new memory."""
    verdicts, remembered = {}, {}
    for asset in assets:
        for phase, run in (("own", judge.own), ("neighbours", judge.neighbours)):
            old = memory.get((asset.id, phase))
            judged = run(asset, old[0] if old else None)
            state, found = (stored(judged), judged.verdicts) if judged else old
            remembered[asset.id, phase] = (state, found)
            verdicts |= {(asset.id, c): v for c, v in found.items()}
    return verdicts, remembered


@given(buckets, buckets)
def test_the_incremental_pass_equals_the_full_pass(before, after):
    first = estate(before)
    _, memory = passes(Judge(RULES, NOW, inventory=ListInventory(first)), first, {})
    second = estate(after)

    incremental, _ = passes(Judge(RULES, NOW, inventory=ListInventory(second)), second, memory)
    full, _ = passes(Judge(RULES, NOW, inventory=ListInventory(second)), second, {})

    assert incremental == full


def test_a_neighbour_that_appears_changes_the_verdict():
    alone = [replace(S3_BUCKET, logging_target="logs")]
    rules = [check(logs_into_existing_bucket)]
    first = Judge(rules, NOW, inventory=ListInventory(alone)).neighbours(alone[0])
    both = [*alone, replace(S3_BUCKET, id="arn:aws:s3:::logs", name="logs")]

    second = Judge(rules, NOW, inventory=ListInventory(both)).neighbours(both[0], stored(first))

    assert first.verdicts["aws.s3.rule"].state is State.UNHEALTHY
    assert second.verdicts["aws.s3.rule"].state is State.HEALTHY


def is_alone(bucket, inventory):
    others = [scope for scope in inventory.scopes(S3Bucket) if scope != bucket.scope]
    return unhealthy("others have buckets") if others else healthy("no other scope has a bucket")


def test_a_scope_that_appears_changes_the_verdict_of_a_check_that_asks_where_a_kind_is_held():
    rules, elsewhere = [check(is_alone)], replace(S3_BUCKET, id="arn:aws:s3:::other", scope="999988887777")
    first = Judge(rules, NOW, inventory=ListInventory([S3_BUCKET])).neighbours(S3_BUCKET)
    same = Judge(rules, NOW, inventory=ListInventory([S3_BUCKET])).neighbours(S3_BUCKET, stored(first))
    more = Judge(rules, NOW, inventory=ListInventory([S3_BUCKET, elsewhere])).neighbours(S3_BUCKET, stored(first))

    assert same is None
    assert more.verdicts["aws.s3.rule"].state is State.UNHEALTHY


def test_an_unread_compared_field_of_a_neighbour_is_a_gap():
    other = replace(S3_BUCKET, id="arn:aws:s3:::o", unread={"versioning": "denied"})
    with pytest.raises(NotCollected, match="denied"):
        ListInventory([S3_BUCKET, other]).of(S3Bucket, S3_BUCKET.scope, versioning="Enabled")
