"""Identities of clouds that service accounts ask for, and their tokens."""

from poise.policy.kubernetes.cloud_identities import (
    Means,
    PodIdentityAssociation,
    cloud_identities,
    gke_member,
    long_lived_tokens,
    mounts_token,
)

BOT = "system:serviceaccount:web:bot"


def service_account(**annotations):
    return {"kind": "ServiceAccount", "metadata": {"name": "bot", "namespace": "web", "annotations": annotations}}


def test_annotations_name_roles_applications_and_accounts():
    role = "arn:aws:iam::123456789012:role/bot"
    one = service_account(
        **{
            "eks.amazonaws.com/role-arn": role,
            "azure.workload.identity/client-id": "client",
            "azure.workload.identity/tenant-id": "tenant",
            "iam.gke.io/gcp-service-account": "bot@shop.iam.gserviceaccount.com",
        }
    )
    found = {identity.means: identity for identity in cloud_identities([one])}
    assert found[Means.IRSA].identity == role
    assert (found[Means.AZURE_WORKLOAD_IDENTITY].identity, found[Means.AZURE_WORKLOAD_IDENTITY].tenant) == (
        "client",
        "tenant",
    )
    assert found[Means.GKE_WORKLOAD_IDENTITY].identity == "bot@shop.iam.gserviceaccount.com"
    assert {identity.service_account for identity in found.values()} == {BOT}
    assert all(identity.decided_by for identity in found.values())


def test_associations_of_eks_come_from_outside_of_the_cluster():
    (found,) = cloud_identities([service_account()], [PodIdentityAssociation("web", "bot", "arn:role")])
    assert (found.means, found.identity, found.service_account) == (Means.POD_IDENTITY, "arn:role", BOT)


def test_a_service_account_is_a_member_in_google_cloud():
    assert gke_member("shop", BOT) == "serviceAccount:shop.svc.id.goog[web/bot]"


def test_secrets_with_tokens_name_their_service_account():
    notes = {"kubernetes.io/service-account.name": "bot"}
    secret = {"kind": "Secret", "metadata": {"name": "t", "namespace": "web", "annotations": notes}}
    token = secret | {"type": "kubernetes.io/service-account-token"}
    assert [(one.service_account, one.secret) for one in long_lived_tokens([token, secret | {"type": "Opaque"}])] == [
        (BOT, "web/t")
    ]


def test_what_a_pod_says_about_its_token_wins_over_its_service_account():
    off, on = {"automountServiceAccountToken": False}, {"automountServiceAccountToken": True}
    assert mounts_token(off, on) is False
    assert mounts_token(on, off) is True
    assert mounts_token({}, off) is False
    assert mounts_token({}, {}) is True
    assert mounts_token({}, None) is None
