"""Building anew and building on what was known give the same graph, whatever the order."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from poise.graph.build import build, rebuild
from poise.graph.estate import Estate
from poise.graph.family import families
from poise.model import replace
from poise.model.graph import EVERYONE, INTERNET, EdgeKind
from poise.model.samples.aws import AWS_ACCOUNT
from poise.model.samples.azure_network import VIRTUAL_NETWORK
from poise.model.samples.azure_storage import STORAGE_ACCOUNT
from poise.model.samples.azure_subscription import AZURE_SUBSCRIPTION
from tests.graph.estates import ALONE, NETWORK, PROFILE, allow, bucket, role, trust, user

ELSEWHERE = "999988887777"
POOL = (
    *NETWORK,
    PROFILE,
    role(policy=allow("s3:*")),
    role("admin", allow("*"), trust_policy=trust({"AWS": f"arn:aws:iam::{ALONE.scope}:root"})),
    user(policy=allow(["iam:PassRole", "lambda:*", "sts:AssumeRole"])),
    bucket(),
    bucket("logs", unread={"policy": "denied"}),
    replace(AWS_ACCOUNT, id="arn:aws:account::999988887777:account", scope=ELSEWHERE),
    bucket("other", scope=ELSEWHERE),
    AZURE_SUBSCRIPTION,
    STORAGE_ACCOUNT,
    VIRTUAL_NETWORK,
)
some = st.lists(st.sampled_from(POOL), unique_by=lambda one: one.id, max_size=len(POOL))


@given(some)
@settings(max_examples=25, deadline=None)
def test_the_order_of_collection_does_not_matter(assets):
    first = build(Estate((ALONE, *assets)))
    random.Random(7).shuffle(assets)
    assert build(Estate((*assets, ALONE))).digest == first.digest


@given(some, some)
@settings(max_examples=25, deadline=None)
def test_building_on_what_was_known_gives_the_same_as_building_anew(before, after):
    known = rebuild([Estate((ALONE, *before))], {})
    again = rebuild([Estate((ALONE, *after))], known.parts)
    assert again.graph.digest == build(Estate((ALONE, *after))).digest


def test_nothing_is_looked_at_again_if_nothing_changed():
    known = rebuild([Estate(POOL)], {})
    assert not rebuild([Estate(POOL)], known.parts).looked_at


def test_a_change_in_one_account_leaves_the_parts_of_others_alone():
    known = rebuild([Estate(POOL)], {})
    changed = [bucket("pii", versioning=None) if one.id == "arn:aws:s3:::pii" else one for one in POOL]
    looked_at = rebuild([Estate(changed)], known.parts).looked_at
    assert {scope for _, _, provider, scope in looked_at if provider == "azure"} == set()
    assert ELSEWHERE not in {scope for *_, scope in looked_at}
    assert ("nodes", "aws", ALONE.scope) in {key[1:] for key in looked_at}


def test_a_listing_that_failed_makes_another_graph():
    whole = Estate(POOL)
    partial = Estate(POOL, problems={("AWS::IAM::ManagedPolicy", ALONE.scope): "denied"})
    known = rebuild([whole], {})
    assert rebuild([partial], known.parts).looked_at


def test_every_edge_has_evidence():
    for edge in build(Estate(POOL)).edges():
        assert edge.evidence, edge


def test_every_edge_that_is_not_certain_says_what_it_hangs_on():
    states = [(edge.state.value, bool(edge.condition)) for edge in build(Estate(POOL)).edges()]
    assert {said for state, said in states if state != "certain"} <= {True}
    assert {said for state, said in states if state == "certain"} <= {False}


def test_an_estate_of_nothing_has_the_outside_alone():
    assert [node.id for node in build().nodes()] == [EVERYONE, INTERNET]


def test_sources_are_put_together_by_the_ids_of_their_assets():
    graph = build(Estate([ALONE, bucket()]), Estate([ALONE, bucket("more")]))
    contained = {edge.target for edge in graph.out(ALONE.id, (EdgeKind.CONTAINS,))}
    assert contained == {"arn:aws:s3:::pii", "arn:aws:s3:::more"}


def test_families_are_found_by_their_folder():
    assert {"containment", "permissions", "assuming", "escalation", "aws_internet"} <= families().keys()
