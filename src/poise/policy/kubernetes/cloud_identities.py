"""Which identities of clouds the service accounts of a cluster can act as.

Source: Amazon EKS User Guide, "IAM roles for service accounts" and "EKS Pod Identity"; Microsoft Learn, "Workload
identity on AKS"; Google Cloud, "Authenticate to Google Cloud APIs from GKE workloads". An annotation says what a
workload will ask for; whether it gets it is decided in the cloud (trust policy, federated credential, binding).
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from poise.policy.kubernetes.documents import SERVICE_ACCOUNT, flat

ROLE = "eks.amazonaws.com/role-arn"
CLIENT = "azure.workload.identity/client-id"
TENANT = "azure.workload.identity/tenant-id"
USES_AZURE = "azure.workload.identity/use"
GOOGLE_ACCOUNT = "iam.gke.io/gcp-service-account"
TOKEN_SECRET = "kubernetes.io/service-account-token"  # noqa: S105  # a type of secrets
OWNER = "kubernetes.io/service-account.name"


class Means(enum.StrEnum):
    """How a service account gets the identity."""

    IRSA = "iam role for service accounts"
    POD_IDENTITY = "eks pod identity"
    AZURE_WORKLOAD_IDENTITY = "azure workload identity"
    GKE_WORKLOAD_IDENTITY = "gke workload identity"


class CloudIdentity(msgspec.Struct, frozen=True):
    """A cloud identity that a service account asks for."""

    service_account: str
    """`system:serviceaccount:ns:name`, which is also the subject of its tokens."""
    means: Means
    identity: str
    """ARN of a role, client id of an application, address of a Google service account."""
    tenant: str = ""
    """Entra tenant where it is named."""
    decided_by: str = ""
    """What in the cloud must agree."""


class LongLivedToken(msgspec.Struct, frozen=True):
    """A secret with a token of a service account that does not expire."""

    service_account: str
    secret: str
    """`namespace/name`."""


class PodIdentityAssociation(msgspec.Struct, frozen=True):
    """An association of EKS: it is kept by AWS, not in the cluster."""

    namespace: str
    service_account: str
    role: str


def cloud_identities(
    documents: Iterable[Mapping[str, Any]], associations: Iterable[PodIdentityAssociation] = ()
) -> Iterator[CloudIdentity]:
    """Yield the identities that service accounts among the documents ask for, and those associated with them."""
    for namespace, name, notes in _accounts(documents):
        subject = f"{SERVICE_ACCOUNT}{namespace}:{name}"
        if role := notes.get(ROLE):
            yield CloudIdentity(subject, Means.IRSA, role, decided_by="trust policy of the role")
        if client := notes.get(CLIENT):
            tenant = notes.get(TENANT, "")
            by = "federated credential of the application, label of the pod"
            yield CloudIdentity(subject, Means.AZURE_WORKLOAD_IDENTITY, client, tenant, by)
        if account := notes.get(GOOGLE_ACCOUNT):
            by = "roles/iam.workloadIdentityUser on the service account"
            yield CloudIdentity(subject, Means.GKE_WORKLOAD_IDENTITY, account, decided_by=by)
    for one in associations:
        subject = f"{SERVICE_ACCOUNT}{one.namespace}:{one.service_account}"
        yield CloudIdentity(subject, Means.POD_IDENTITY, one.role, decided_by="trust policy of the role")


def gke_member(project: str, service_account: str) -> str:
    """Return the member that bindings of Google Cloud name for a service account of a cluster."""
    namespace, _, name = service_account.removeprefix(SERVICE_ACCOUNT).partition(":")
    return f"serviceAccount:{project}.svc.id.goog[{namespace}/{name}]"


def long_lived_tokens(documents: Iterable[Mapping[str, Any]]) -> Iterator[LongLivedToken]:
    """Yield the secrets that hold tokens of service accounts."""
    for one in flat(documents):
        meta = one.get("metadata")
        if one.get("kind") != "Secret" or one.get("type") != TOKEN_SECRET or not isinstance(meta, Mapping):
            continue
        namespace = str(meta.get("namespace") or "default")
        owner = (meta.get("annotations") or {}).get(OWNER)
        if owner:
            yield LongLivedToken(f"{SERVICE_ACCOUNT}{namespace}:{owner}", f"{namespace}/{meta.get('name')}")


def mounts_token(pod: Mapping[str, Any], service_account: Mapping[str, Any] | None) -> bool | None:
    """Say whether the token of the service account is mounted into a pod.

    ``pod`` is a pod's spec; what it says wins over what its service account says; the default is yes. None: the
    service account was not read and decides.
    """
    own = pod.get("automountServiceAccountToken")
    if isinstance(own, bool):
        return own
    if service_account is None:
        return None
    return service_account.get("automountServiceAccountToken") is not False


def _accounts(documents: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    for one in flat(documents):
        meta = one.get("metadata")
        if one.get("kind") == "ServiceAccount" and isinstance(meta, Mapping):
            annotations = meta.get("annotations")
            found = (
                {str(key): str(value) for key, value in annotations.items()} if isinstance(annotations, Mapping) else {}
            )
            yield str(meta.get("namespace") or "default"), str(meta.get("name") or ""), found
