"""Leaving out what is not worth asking changes no answer: every pair that is asked one by one gives the same."""

from poise.graph.asked import ASKED
from poise.graph.candidates import Candidates
from poise.graph.estate import Estate
from poise.graph.judging import is_blind
from poise.graph.sides import actors_of, asking_of, held_of
from poise.model import replace
from poise.model.aws.s3 import S3Bucket
from poise.model.samples.aws import ACCOUNT, AWS_ACCOUNT
from poise.policy.answer import Decision
from tests.graph.estates import ALONE, allow, bucket, role, user

ELSEWHERE = "999988887777"
AWAY = replace(
    AWS_ACCOUNT,
    id="arn:aws:account::999988887777:account",
    scope=ELSEWHERE,
    organization_id=None,
    management_account=None,
)


def grant(principal, name, **more):
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{name}/*",
    }
    return {"Version": "2012-10-17", "Statement": [statement | more]}


ESTATE = Estate(
    (
        *(ALONE, AWAY),
        user("all", allow("s3:*")),
        user("one", allow("s3:GetObject", "arn:aws:s3:::b1/*")),
        user("part", allow("s3:GetObject", "arn:aws:s3:::b1/x/*")),
        user("wild", allow("s3:Get*", "arn:aws:s3:::b?/*")),
        user("home", allow("s3:GetObject", "arn:aws:s3:::${aws:username}/*")),
        user("none"),
        user("bound", allow("s3:*"), permissions_boundary=f"arn:aws:iam::{ACCOUNT}:policy/hidden"),
        role("not", {"Statement": {"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::b1/*"}}),
        role("far", allow("s3:*"), id=f"arn:aws:iam::{ELSEWHERE}:role/far", scope=ELSEWHERE),
        bucket("b1"),
        bucket("home"),
        bucket("b2", policy=grant({"AWS": f"arn:aws:iam::{ACCOUNT}:user/none"}, "b2")),
        bucket("b3", policy=grant({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "b3")),
        bucket("b4", policy=grant({"AWS": ELSEWHERE}, "b4")),
        bucket("b5", policy=grant("*", "b5", Condition={"StringEquals": {"aws:PrincipalAccount": ELSEWHERE}})),
        bucket("b6", policy=grant("*", "b6", Effect="Deny")),
        bucket("b7", unread={"policy": "denied"}),
        bucket("b8", policy=grant({"AWS": f"arn:aws:sts::{ACCOUNT}:assumed-role/not/s"}, "b8")),
    )
)


def test_every_pair_that_is_not_denied_is_a_candidate():
    held = [held_of(ESTATE, one) for one in ESTATE.of(S3Bucket)]
    candidates, asking = Candidates(held), asking_of(ESTATE)
    for wanted in ASKED[S3Bucket]:
        for actor in actors_of(ESTATE):
            found = {one.asset.id for one in candidates.of(actor, wanted.action)}
            for one in held:
                answer = asking._ask(actor, wanted.action, one)
                if answer.decision is not Decision.DENY and not is_blind(answer):
                    assert one.asset.id in found, (actor.id, wanted.action, one.asset.id)


def test_an_answer_that_is_shared_is_the_one_that_asking_gives():
    held = [held_of(ESTATE, one) for one in ESTATE.of(S3Bucket)]
    asking = asking_of(ESTATE)
    for wanted in ASKED[S3Bucket]:
        for actor in actors_of(ESTATE):
            for one in held:
                own = asking._ask(actor, wanted.action, one)
                shared = asking.answer(actor, wanted.action, one)
                assert (own.decision, str(own.residual)) == (shared.decision, str(shared.residual))
