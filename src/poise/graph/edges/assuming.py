"""Who may take which role of AWS: inside the estate both halves must allow it; outsiders need the trust alone.

A foreign account, issuer or service is a node of its own; the role trusts it (a fact of the role), and whoever acts
there can assume the role as far as the trust lets it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from poise.graph.candidates import Candidates
from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Width
from poise.graph.judging import CERTAIN, Standing, both, is_blind, standing
from poise.graph.outside import IN_NO_ORGANIZATION, account, let_in, stranger
from poise.graph.outside import partition_of as partition
from poise.graph.sides import account_node, actors_of, asking_of, held_of
from poise.model.aws.iam import IamRole
from poise.model.graph import EVERYONE, Edge, EdgeKind, EdgeState, Evidence, Node
from poise.policy.answer import Answer, Audience, Decision, Grant, Level
from poise.policy.aws.callers import Caller
from poise.policy.aws.demands import terms_of
from poise.policy.aws.entitlements import Side
from poise.policy.aws.exposed import role_exposed
from poise.policy.aws.trust import issuer_of

ASSUME, WITH_TOKEN, WITH_SAML = "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"
ISSUER, ACCOUNT, SERVICE = "issuer", "account", "service"
REPOSITORY = "repository"
REPOSITORY_HOSTS = {
    ("token.actions.githubusercontent.com", "repo"): "github.com",
    ("gitlab.com", "project_path"): "gitlab.com",
}
"""Issuer and first part of a subject -> host of the repository that it names."""
WILD = frozenset("*?$")


def find(estate: Estate) -> Found:
    """Yield who may take each role."""
    roles = estate.of(IamRole)
    yield from _inside(estate, roles)
    for role in roles:
        trust = read(role, "trust_policy")
        if trust is not None:
            yield from _outside(estate, role)
        else:
            yield _unread(estate, role)


def _inside(estate: Estate, roles: Iterable[IamRole]) -> Iterator[Edge]:
    asking = asking_of(estate)
    held = [held_of(estate, role) for role in roles]
    trusting = Candidates(held)
    for actor in actors_of(estate):
        for one in trusting.trusting(actor, ASSUME):
            if one.asset.id == actor.id:
                continue
            answer = asking.answer(actor, ASSUME, one)
            stands = None if is_blind(answer) else standing(answer)
            if stands is not None:
                yield Edge(
                    source=actor.id,
                    target=one.asset.id,
                    kind=EdgeKind.CAN_ASSUME,
                    state=stands.state,
                    condition=stands.condition,
                    actions=(ASSUME,),
                    evidence=actor.pointer(one.holding).evidence(answer.because),
                )


def _unread(estate: Estate, role: IamRole) -> Edge:
    """Tell of a role whose trust was not read that anybody of its account, and others, may take it."""
    why = role.unread.get("trust_policy", "there is none")
    return Edge(
        source=account_node(estate, role.scope, role.id),
        target=role.id,
        kind=EdgeKind.CAN_ASSUME,
        state=EdgeState.UNKNOWN,
        condition=f"not read: trust policy of {role.name} ({why})",
        evidence=(Evidence(asset=role.id, field="trust_policy", says=why),),
    )


def _outside(estate: Estate, role: IamRole) -> Found:
    found = role_exposed(role, estate.inventory)
    if found.level is Level.UNKNOWN:
        return
    for grant in found.grants:
        yield from _granted(estate, role, grant, found.residual)


def _granted(estate: Estate, role: IamRole, grant: Grant, residual: str) -> Found:
    if grant.audience is Audience.SERVICE:
        return
    place = "" if grant.because.statement is None else f"statement {grant.because.statement + 1} {grant.because.sid}"
    proof = Evidence(asset=role.id, field="trust_policy", says=grant.because.text, place=place.strip())
    left = standing(_left(estate, role, grant))
    if left is None:
        return
    for node, subject in _outsiders(estate, role, grant):
        yield from _let_in(estate, role, grant, (node, both(_standing(grant, residual, subject), left), proof))


def _left(estate: Estate, role: IamRole, grant: Grant) -> Answer:
    """Answer whether resource control policies of the role's account leave an outsider the taking of the role."""
    if grant.audience is Audience.UNCLEAR or grant.audience is Audience.CANONICAL:
        return Answer(Decision.ALLOW)
    side, action = stranger(partition(role)), ASSUME
    if grant.audience is Audience.ACCOUNT:
        side = account(grant.who, partition(role))
    elif grant.who != "*":
        action = WITH_SAML if ":saml-provider/" in grant.who else WITH_TOKEN
        side = Side(caller=Caller.provider(grant.who), context=IN_NO_ORGANIZATION)
    return let_in(held_of(estate, role), action, side)


def _let_in(estate: Estate, role: IamRole, grant: Grant, way: tuple[Node, Standing, Evidence]) -> Found:
    node, stands, proof = way
    if node.id != EVERYONE:
        yield node
        yield Edge(source=role.id, target=node.id, kind=EdgeKind.TRUSTS_ISSUER, evidence=(proof,))
    if node.kind == ACCOUNT and node.id in estate.once("account ids", lambda: _own(estate)):
        return
    yield Edge(
        source=node.id,
        target=role.id,
        kind=EdgeKind.CAN_ASSUME,
        state=stands.state,
        condition=stands.condition,
        actions=grant.actions,
        evidence=(proof,),
    )


def _standing(grant: Grant, residual: str, subject: str) -> Standing:
    """An outsider who must show something that only some can is let in under that condition.

    Audience and subject are what makes an outsider of an issuer the one that it is; any other claim is a condition.
    """
    if grant.audience is Audience.UNCLEAR:
        return Standing(EdgeState.UNKNOWN, grant.because.text)
    issuer = issuer_of(grant.who)
    given = {f"{issuer}:aud", f"{issuer}:sub"} if grant.audience in (Audience.FEDERATED, Audience.ANYONE) else set()
    shown = [key for key in grant.confined_by if key not in given]
    words = [f"it shows the right {', '.join(shown)}"] if shown else []
    words += [f"its token has the subject {subject}"] if subject else []
    words += [residual] if residual and not grant.confined_by else []
    return Standing(EdgeState.CONDITIONAL, " and ".join(words)) if words else CERTAIN


def _outsiders(estate: Estate, role: IamRole, grant: Grant) -> Iterator[tuple[Node, str]]:
    """Yield whom a grant lets in, and the subject where only some tokens of it bear that.

    Of an issuer it is those whose subject the trust names, if it names any.
    """
    issuer = issuer_of(grant.who)
    if grant.audience is Audience.FEDERATED and grant.because.statement is not None:
        terms = terms_of(role.trust_policy).get(grant.because.statement)
        subjects = () if terms is None else terms.demands.get(f"{issuer}:sub", ())
        yield from (named_by(issuer, one) for one in subjects)
        if subjects:
            return
    yield _outsider(estate, grant), ""


def named_by(issuer: str, subject: str) -> tuple[Node, str]:
    """Return who bears a subject: a repository where it names one, or the subject itself.

    Beside a repository stands the subject if only some of its tokens bear it, nothing if all do.
    """
    kind, _, rest = subject.partition(":")
    host = REPOSITORY_HOSTS.get((issuer, kind))
    path = rest.partition(":")[0]
    if host and path.count("/") and not WILD & set(path):
        id = f"repo://{host}/{path}"
        some = "" if rest.removeprefix(f"{path}:") == "*" else subject
        return Node(id=id, kind=REPOSITORY, name=path, provider="repo", scope=""), some
    node = Node(id=f"issuer:{issuer}/{subject}", kind=ISSUER, name=f"{subject} at {issuer}", provider="", scope="")
    return node, ""


def _outsider(estate: Estate, grant: Grant) -> Node:
    if grant.audience is Audience.ACCOUNT:
        id = account_node(estate, grant.who)
        return Node(id=id, kind=ACCOUNT, name=f"account {grant.who}", provider="aws", scope="")
    if grant.audience is Audience.FEDERATED:
        name = issuer_of(grant.who)
        return Node(id=f"issuer:{name}", kind=ISSUER, name=name, provider="", scope="")
    if grant.audience is Audience.ANYONE and grant.who != "*":
        name = issuer_of(grant.who)
        insights = {"shared": True}
        return Node(
            id=f"issuer:{name}/*", kind=ISSUER, name=f"anyone at {name}", provider="", scope="", insights=insights
        )
    if grant.audience is Audience.ANYONE:
        return Node(id=EVERYONE, kind=EVERYONE, name=EVERYONE, provider="", scope="")
    return Node(id=f"outside:{grant.who}", kind=ACCOUNT, name=grant.who, provider="aws", scope="")


def _own(estate: Estate) -> frozenset[str]:
    return frozenset(account_node(estate, scope) for scope in estate.scopes)


FAMILY = Family(Width.PROVIDER, find, "aws")
