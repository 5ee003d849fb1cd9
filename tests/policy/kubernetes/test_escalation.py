"""The escalation catalogue of clusters: every row fires on its example and not on its near miss."""

import re

import pytest

from poise.policy.kubernetes.escalation import catalogue, escalations_for, request_of
from poise.policy.kubernetes.permissions import Inputs, Request

from .documents import BOT, binding, cluster_role, rule


def fired(permissions, namespace=""):
    asked = [request_of(one) for one in permissions]
    rules = [rule(one.verb, one.resource, one.group) for one in asked]
    bound = binding("r", namespace=namespace)
    return {one.escalation.id for one in escalations_for(BOT, Inputs.of([cluster_role("r", *rules), bound]), "web")}


@pytest.mark.parametrize("row", catalogue(), ids=lambda row: row.id)
def test_a_row_fires_on_its_example_and_not_on_its_near_miss(row):
    assert row.id in fired(row.positive)
    assert row.id not in fired(row.positive, "shop")
    assert row.id not in fired(row.negative)


@pytest.mark.parametrize("row", catalogue(), ids=lambda row: row.id)
def test_a_row_needs_each_of_its_permissions_and_is_well_formed(row):
    for permission in row.permissions:
        assert row.id not in fired([one for one in row.permissions if one != permission])
    assert re.fullmatch(r"T\d{4}(\.\d{3})?", row.technique)
    assert all(
        re.fullmatch(r"[a-z]+ [a-z]+(\.[a-z0-9.]+)?(/[a-z]+)?", one) for one in (*row.permissions, *row.negative)
    )


def test_rights_in_a_namespace_reach_what_lies_in_it_alone():
    needed = {row.id: row.positive for row in catalogue()}
    for name in ("pod_create", "pod_exec", "secret_list", "token_request", "role_bind", "namespace_label", "aws_auth"):
        assert name in fired(needed[name], "web")
    for name in ("cluster_role_bind", "cluster_role_escalate", "node_proxy", "impersonate_user", "certificate_sign"):
        assert name not in fired(needed[name], "web")


def test_the_catalogue_has_unique_ids():
    assert len({row.id for row in catalogue()}) == len(catalogue()) >= 35


def test_a_permission_is_a_verb_a_resource_and_a_group():
    assert request_of("create pods/exec") == Request(verb="create", resource="pods/exec")
    signed = request_of("update certificatesigningrequests.certificates.k8s.io/approval")
    assert (signed.resource, signed.group) == ("certificatesigningrequests/approval", "certificates.k8s.io")
