"""Who acts as principals of Entra with tokens of other issuers: pipelines, clusters, other clouds.

A federated credential takes tokens whose issuer and subject are just those that it names; an expression in place of a
subject is not read. Source: Microsoft Learn, "Workload identity federation" and its limits.
"""

from __future__ import annotations

from collections.abc import Iterator

from poise.graph.edges.assuming import named_by
from poise.graph.edges.repositories import ISSUER, open_pipelines, subject_of
from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Width
from poise.graph.judging import CERTAIN, Standing, unread_standing
from poise.model.asset import Asset
from poise.model.azure.entra_applications import EntraApplication, EntraServicePrincipal
from poise.model.azure.identities import FederatedCredential, UserAssignedIdentity
from poise.model.graph import Edge, EdgeKind, EdgeState, Evidence, Node

FIELD = "federated_credentials"
SCHEME = "https://"


def find(estate: Estate) -> Found:
    """Yield an edge from each issuer, repository or pipeline to the principal that its tokens open."""
    pipelines = list(open_pipelines(estate))
    for holder, principal in _holders(estate):
        for credential in read(holder, FIELD) or ():
            yield from _taken(holder, principal, credential)
            for repository, workflow in pipelines:
                subject = subject_of(repository, workflow)
                if host_of(credential) == ISSUER and credential.subject == subject and workflow.asks_for_tokens:
                    run = Evidence(asset=repository.id, field="workflows", says="it runs forks", place=workflow.path)
                    kind = EdgeKind.CAN_AUTHENTICATE_AS
                    proofs = (run, _proof(holder, credential))
                    yield Edge(source=repository.id, target=principal, kind=kind, evidence=proofs)


def _holders(estate: Estate) -> Iterator[tuple[Asset, str]]:
    """Yield what holds credentials with the principal that they open: an identity, or an application's program."""
    for identity in estate.of(UserAssignedIdentity):
        principal = read(identity, "principal_id")
        if principal:
            yield identity, principal.lower()
    programs = {(one.scope, read(one, "app_id")): one for one in estate.of(EntraServicePrincipal)}
    for application in estate.of(EntraApplication):
        program = programs.get((application.scope, read(application, "app_id")))
        if program is not None and read(program, "enabled") is not False:
            yield application, program.id


def _taken(holder: Asset, principal: str, credential: FederatedCredential) -> Iterator[Node | Edge]:
    """Yield whom the tokens of a credential are about, which may act as the principal.

    A repository acts so in all its runs only where the subject says no more; else only runs with that subject do.
    """
    node, some = named_by(host_of(credential), credential.subject)
    stands = CERTAIN
    if not credential.subject:
        stands = unread_standing(f"subjects of {credential.name}", "an expression names them, which is not read")
    elif some:
        stands = Standing(EdgeState.CONDITIONAL, f"its token has the subject {some}")
    yield node
    proof = (_proof(holder, credential),)
    yield Edge(
        source=node.id,
        target=principal,
        kind=EdgeKind.CAN_ASSUME,
        state=stands.state,
        condition=stands.condition,
        evidence=proof,
    )


def host_of(credential: FederatedCredential) -> str:
    """Return the issuer of a credential as it is named elsewhere, without the scheme."""
    return credential.issuer.removeprefix(SCHEME).rstrip("/")


def _proof(holder: Asset, credential: FederatedCredential) -> Evidence:
    says = f"{credential.name} takes tokens of {credential.issuer} about {credential.subject or 'an expression'}"
    return Evidence(asset=holder.id, field=FIELD, says=says)


FAMILY = Family(Width.ESTATE, find)
