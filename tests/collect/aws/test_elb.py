"""Load balancers of both generations, from recorded answers."""

import pytest

from poise.collect.aws import elb
from tests.collect.aws.recorded_reader import RecordedReader, by_id, collected, plain, states

SHOP = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/0aa1"
HERE = "arn:aws:ec2:eu-west-1:111122223333"


@pytest.fixture
def reader():
    return RecordedReader.load("elb")


def test_application_balancer_holds_what_the_api_said(reader):
    shop = by_id(collected(elb, reader), "app/shop/0aa1")

    assert (shop.id, shop.name, dict(shop.tags)) == (SHOP, "shop", {"team": "shop"})
    assert (shop.type, shop.scheme, shop.vpc) == ("application", "internet-facing", f"{HERE}:vpc/vpc-0aa1")
    assert (shop.deletion_protection, shop.access_logs, shop.access_logs_bucket) == (True, True, "logs")
    assert (shop.drops_invalid_headers, shop.desync_mode) == (False, "monitor")
    assert shop.web_acl == "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop/0aa1"


def test_listeners_of_every_page_are_read_with_actions_in_their_order(reader):
    http, secure = by_id(collected(elb, reader), "app/shop/0aa1").listeners

    assert (http.protocol, http.port, http.tls_policy) == ("HTTP", 80, None)
    assert plain(http.default_actions) == [
        {"type": "redirect", "redirect_protocol": "HTTPS", "redirect_port": "443", "target_groups": []}
    ]
    assert (secure.tls_policy, len(secure.certificates)) == ("ELBSecurityPolicy-2016-08", 1)
    assert [action.type for action in secure.default_actions] == ["authenticate-oidc", "forward"]
    assert [arn.rpartition("/")[2] for arn in secure.default_actions[1].target_groups] == ["1", "2"]


def test_rules_name_their_listener_and_leave_the_default_out(reader):
    (rule,) = by_id(collected(elb, reader), "app/shop/0aa1").rules

    assert (rule.listener.rpartition("/")[2], rule.priority, rule.actions[0].type) == ("80", "10", "forward")


def test_gateway_balancer_has_none_where_its_kind_lacks_a_thing(reader):
    gateway = by_id(collected(elb, reader), "gwy/filter/0aa2")

    assert not gateway.unread
    assert (gateway.scheme, gateway.dns_name, gateway.access_logs, gateway.desync_mode) == (None,) * 4
    assert (gateway.listeners[0].protocol, gateway.listeners[0].port, gateway.rules) == (None, None, ())


def test_scheme_that_an_answer_lacks_is_unread_and_not_internal(reader):
    del reader.answers["elbv2:DescribeLoadBalancers"]["LoadBalancers"][0]["Scheme"]

    assert set(by_id(collected(elb, reader), "app/shop/0aa1").unread) == {"scheme"}


def test_no_web_acl_is_none(reader):
    reader.answers[f"wafv2:GetWebACLForResource/{SHOP}"] = {}

    assert by_id(collected(elb, reader), "app/shop/0aa1").web_acl is None


def test_attribute_that_an_old_answer_lacks_is_unread_and_not_off(reader):
    attributes = reader.answers[f"elbv2:DescribeLoadBalancerAttributes/{SHOP}"]["Attributes"]
    attributes[:] = [one for one in attributes if "drop_invalid" not in one["Key"]]

    assert set(by_id(collected(elb, reader), "app/shop/0aa1").unread) == {"drops_invalid_headers"}


def test_listeners_that_break_off_are_unread_with_their_rules(reader):
    shop = by_id(collected(elb, reader.breaks_off(f"elbv2:DescribeListeners/{SHOP}")), "app/shop/0aa1")

    assert dict(shop.unread) == {"listeners": "throttled out", "rules": "throttled out"}


def test_tags_that_do_not_name_a_balancer_are_unread(reader):
    del reader.answers["elbv2:DescribeTags"]["TagDescriptions"][0]

    assert set(by_id(collected(elb, reader), "app/shop/0aa1").unread) == {"tags"}


@pytest.mark.parametrize("broken", [{}, "text", None])
def test_malformed_balancer_loses_itself_alone(reader, broken):
    reader.answers["elbv2:DescribeLoadBalancers"]["LoadBalancers"].insert(0, broken)

    result = collected(elb, reader)

    assert states(result)["AWS::ElasticLoadBalancingV2::LoadBalancer"] == "partial"
    assert not by_id(result, "app/shop/0aa1").unread


def test_classic_balancer_holds_what_the_api_said(reader):
    old = by_id(collected(elb, reader), "loadbalancer/old-shop")

    assert (old.scheme, old.instances) == ("internet-facing", (f"{HERE}:instance/i-0aa1",))
    assert (old.listeners[0].protocol, old.listeners[0].port, old.listeners[0].instance_protocol) == (
        "HTTPS",
        443,
        "HTTP",
    )
    assert (old.access_logs, old.access_logs_bucket, old.cross_zone, old.desync_mode) == (
        True,
        "logs",
        False,
        "defensive",
    )


def test_classic_policy_tells_the_protocols_that_are_on(reader):
    tls, sticky = by_id(collected(elb, reader), "loadbalancer/old-shop").policies

    assert (tls.reference, tls.protocols) == ("ELBSecurityPolicy-2016-08", ("TLSv1", "TLSv1.2"))
    assert (sticky.reference, sticky.protocols) == (None, ())


def test_target_groups_say_who_is_registered_and_whether_clients_are_seen(reader):
    group = by_id(collected(elb, reader), "targetgroup/shop/1")

    assert (group.name, group.protocol, group.port, group.target_type) == ("shop", "TCP", 8080, "instance")
    assert (group.vpc, dict(group.tags)) == (f"{HERE}:vpc/vpc-0aa1", {"team": "shop"})
    assert group.keeps_client_address is True
    assert [(one.id, one.port, one.health) for one in group.targets] == [
        ("i-0aa1", 8080, "unhealthy"),
        ("10.0.1.9", 80, "healthy"),
    ]


def test_a_group_whose_protocol_knows_no_such_attribute_has_none(reader):
    (call,) = [one for one in reader.answers if one.startswith("elbv2:DescribeTargetGroupAttributes/")]
    reader.answers[call] = {"Attributes": []}

    assert by_id(collected(elb, reader), "targetgroup/shop/1").keeps_client_address is None
