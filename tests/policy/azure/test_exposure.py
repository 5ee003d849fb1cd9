"""Public end points of storage accounts, vaults and SQL servers."""

import pytest

from poise.model.azure.network_rules import NetworkRules
from poise.model.azure.sql import FirewallRule
from poise.model.errors import NotCollected
from poise.model.samples.azure_storage import CLOSED_RULES, OPEN_RULES
from poise.policy.answer import Level
from poise.policy.azure.exposure import endpoint_exposure, sql_exposure


def denied_but(*ip_rules):
    return NetworkRules(default_action="Deny", bypass=None, ip_rules=ip_rules, subnets=(), resource_instances=())


@pytest.mark.parametrize(
    ("access", "rules", "level"),
    [
        ("Disabled", OPEN_RULES, Level.PRIVATE),
        ("disabled", None, Level.PRIVATE),
        ("Enabled", None, Level.PUBLIC),
        (None, None, Level.PUBLIC),
        (None, OPEN_RULES, Level.PUBLIC),
        (None, CLOSED_RULES, Level.RESTRICTED),
        ("Enabled", denied_but(), Level.PRIVATE),
        ("Enabled", denied_but("8.8.8.8"), Level.RESTRICTED),
        ("Enabled", denied_but("0.0.0.0/0"), Level.PUBLIC),
        ("Enabled", denied_but("0.0.0.0/1", "128.0.0.0/1"), Level.PUBLIC),
        ("SecuredByPerimeter", OPEN_RULES, Level.UNKNOWN),
    ],
)
def test_end_point_is_as_open_as_its_access_and_firewall(access, rules, level):
    assert endpoint_exposure(access, rules).level is level


def test_all_but_private_ranges_is_the_whole_internet():
    # A vault recorded in 2021: every IPv4 network but 127.0.0.0/8.
    halves = ("0.0.0.0/2", "64.0.0.0/3", "96.0.0.0/4", "112.0.0.0/5", "120.0.0.0/6", "124.0.0.0/7", "126.0.0.0/8",
              "128.0.0.0/1")  # fmt: skip

    assert endpoint_exposure("Enabled", denied_but(*halves)).is_public


def test_address_that_cannot_be_understood_is_named():
    with pytest.raises(NotCollected, match="office"):
        endpoint_exposure("Enabled", denied_but("office"))


def firewall(*ranges):
    return [FirewallRule(name=f"r{i}", start=start, end=end) for i, (start, end) in enumerate(ranges)]


@pytest.mark.parametrize(
    ("access", "rules", "level", "names"),
    [
        ("Disabled", firewall(("0.0.0.0", "255.255.255.255")), Level.PRIVATE, [""]),
        ("Enabled", firewall(), Level.PRIVATE, [""]),
        ("Enabled", firewall(("0.0.0.0", "255.255.255.255")), Level.PUBLIC, ["r0"]),
        ("Enabled", firewall(("0.0.0.0", "127.255.255.255"), ("128.0.0.0", "255.255.255.255")), Level.PUBLIC, None),
        ("Enabled", firewall(("1.0.0.0", "223.255.255.255")), Level.PUBLIC, ["r0"]),
        ("Enabled", firewall(("0.0.0.0", "0.0.0.0")), Level.RESTRICTED, ["r0"]),
        ("Enabled", firewall(("9.9.9.9", "9.9.9.9"), ("0.0.0.0", "0.0.0.0")), Level.RESTRICTED, ["r1"]),
        ("Enabled", firewall(("9.9.9.0", "9.9.9.255")), Level.RESTRICTED, ["r0"]),
        ("SecuredByPerimeter", firewall(), Level.UNKNOWN, [""]),
    ],
)
def test_sql_server_is_as_open_as_its_firewall(access, rules, level, names):
    exposure = sql_exposure(access, rules)

    assert exposure.level is level
    assert names is None or [reason.source for reason in exposure.because] == names


def test_range_that_cannot_be_understood_is_named():
    with pytest.raises(NotCollected, match="rule r0 cannot be understood"):
        sql_exposure("Enabled", firewall(("nowhere", "0.0.0.0")))


def test_range_with_its_ends_swapped_is_not_understood():
    with pytest.raises(NotCollected, match="rule r0"):
        sql_exposure("Enabled", firewall(("10.0.0.9", "10.0.0.1")))
