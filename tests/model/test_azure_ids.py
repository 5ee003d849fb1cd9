"""The one spelling of ARM ids."""

import pytest

from poise.model.azure.ids import arm_id, optional_id, parent, resource_group, subscription_id

SUBNET = "/subscriptions/S-1/resourceGroups/Shop/providers/Microsoft.Network/virtualNetworks/Net/subnets/Web"


@pytest.mark.parametrize(
    "text",
    [SUBNET, SUBNET.upper(), SUBNET.lower(), f"{SUBNET}/", SUBNET.replace("/providers", "//providers")],
)
def test_every_spelling_becomes_one(text):
    assert arm_id(text) == SUBNET.lower()


def test_root_stays():
    assert arm_id("/") == "/"


@pytest.mark.parametrize("text", ["", "web", None, 5, {"id": "/x"}, "https://x/subscriptions/1"])
def test_what_is_no_id_is_refused(text):
    with pytest.raises(ValueError, match="not an ARM id"):
        arm_id(text)


def test_missing_reference_is_none():
    assert optional_id(None) is None
    assert optional_id("") is None
    assert optional_id(SUBNET) == SUBNET.lower()


def test_parts_of_an_id():
    id = arm_id(SUBNET)

    assert subscription_id(id) == "s-1"
    assert resource_group(id) == "shop"
    assert parent(id).endswith("/virtualnetworks/net")
    assert subscription_id("/providers/microsoft.management/managementgroups/g") is None
    assert resource_group("/subscriptions/s-1/providers/microsoft.authorization/roleassignments/x") is None
