"""What listeners speak. Versions are those of the tables in the Elastic Load Balancing user guides."""

import pytest
from msgspec import structs

from poise.model import NotCollected, replace
from poise.model.samples.aws_elb import CLASSIC_BALANCER, CLASSIC_LISTENER, FORWARD, HTTP_LISTENER, LOAD_BALANCER
from poise.policy.aws.listeners import classic_protocols, lowest_tls, serves_plain_http


@pytest.mark.parametrize(
    ("policy", "lowest"),
    [
        ("ELBSecurityPolicy-2016-08", (1, 0)),
        ("ELBSecurityPolicy-TLS-1-0-2015-04", (1, 0)),
        ("ELBSecurityPolicy-TLS-1-1-2017-01", (1, 1)),
        ("ELBSecurityPolicy-TLS-1-2-2017-01", (1, 2)),
        ("ELBSecurityPolicy-TLS-1-2-Ext-2018-06", (1, 2)),
        ("ELBSecurityPolicy-FS-2018-06", (1, 0)),
        ("ELBSecurityPolicy-FS-1-1-2019-08", (1, 1)),
        ("ELBSecurityPolicy-FS-1-2-Res-2020-10", (1, 2)),
        ("ELBSecurityPolicy-TLS13-1-0-2021-06", (1, 0)),
        ("ELBSecurityPolicy-TLS13-1-1-2021-06", (1, 1)),
        ("ELBSecurityPolicy-TLS13-1-2-2021-06", (1, 2)),
        ("ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", (1, 2)),
        ("ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06", (1, 2)),
        ("ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04", (1, 0)),
        ("ELBSecurityPolicy-TLS13-1-3-2021-06", (1, 3)),
        ("ELBSecurityPolicy-TLS14-1-2-2031-01", None),
        ("", None),
    ],
)
def test_name_of_a_policy_tells_its_lowest_version(policy, lowest):
    assert lowest_tls(policy) == lowest


def test_authentication_before_a_forward_does_not_hide_it():
    actions = (structs.replace(FORWARD, type="fixed-response"), FORWARD)
    balancer = replace(LOAD_BALANCER, listeners=(structs.replace(HTTP_LISTENER, default_actions=actions),))

    assert serves_plain_http(balancer) == [80]


def test_rules_are_needed_only_where_a_plain_listener_does_not_serve_by_default():
    unread = {"rules": "denied"}

    assert serves_plain_http(replace(LOAD_BALANCER, listeners=(), unread=unread)) == []
    with pytest.raises(NotCollected):
        serves_plain_http(replace(LOAD_BALANCER, unread=unread))


def test_protocols_of_a_classic_listener_are_those_of_its_own_tls_policies():
    sticky = structs.replace(CLASSIC_BALANCER.policies[0], name="sticky", type="LBCookieStickinessPolicyType")
    unused = structs.replace(CLASSIC_BALANCER.policies[0], name="old", protocols=("SSLv3",))
    balancer = replace(CLASSIC_BALANCER, policies=(*CLASSIC_BALANCER.policies, sticky, unused))

    assert classic_protocols(CLASSIC_LISTENER, balancer) == {"TLSv1.2"}
    assert classic_protocols(structs.replace(CLASSIC_LISTENER, policies=("gone",)), balancer) == frozenset()
