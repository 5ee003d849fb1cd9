"""Which workload acts as which principal: machines through instance profiles, functions, databases."""

from __future__ import annotations

from collections.abc import Iterator

from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Width
from poise.graph.judging import Standing, unread_standing
from poise.model.aws.awslambda import LambdaFunction
from poise.model.aws.ec2 import Ec2Instance
from poise.model.aws.iam import IamInstanceProfile
from poise.model.aws.rds import RdsCluster, RdsInstance
from poise.model.graph import Edge, EdgeKind, EdgeState, Evidence

CERTAIN = Standing(EdgeState.CERTAIN, "")


def find(estate: Estate) -> Found:
    """Yield an edge from each workload to the roles that its code gets credentials of."""
    profiles = {one.id: one for one in estate.of(IamInstanceProfile)}
    for machine in estate.of(Ec2Instance):
        yield from _machine(machine, profiles)
    for function in estate.of(LambdaFunction):
        role = read(function, "role")
        if role:
            yield _acts(function.id, role, CERTAIN, (_proof(function.id, "role", f"it runs as {_short(role)}"),))
    for database in (*estate.of(RdsInstance), *estate.of(RdsCluster)):
        for role in read(database, "profile_roles") or ():
            says = f"the database may use {_short(role)}"
            yield _acts(database.id, role, CERTAIN, (_proof(database.id, "profile_roles", says),))


def _machine(machine: Ec2Instance, profiles: dict[str, IamInstanceProfile]) -> Iterator[Edge]:
    named = read(machine, "profile")
    if not named:
        return
    options = read(machine, "metadata")
    if options is not None and options.http_endpoint == "disabled":
        return
    profile = profiles.get(named)
    role = None if profile is None else read(profile, "role")
    proofs = [_proof(machine.id, "profile", f"its instance profile is {_short(named)}")]
    standing = CERTAIN
    if options is None:
        standing = unread_standing("metadata service of the machine", machine.unread["metadata"])
    if profile is not None and role is None and "role" not in profile.unread:
        return
    if profile is None or role is None:
        # A profile usually has the name of its role; which role it is was not read.
        role = named.replace(":instance-profile/", ":role/")
        standing = unread_standing("role of the instance profile", "the profile is not in the inventory")
    else:
        proofs.append(_proof(profile.id, "role", f"it hands out {_short(role)}"))
    if options is not None:
        says = f"the metadata service answers, tokens {options.http_tokens}, hop limit {options.hop_limit}"
        proofs.append(_proof(machine.id, "metadata", says))
    yield _acts(machine.id, role, standing, tuple(proofs))


def _acts(source: str, role: str, standing: Standing, evidence: tuple[Evidence, ...]) -> Edge:
    kind = EdgeKind.CAN_AUTHENTICATE_AS
    return Edge(
        source=source, target=role, kind=kind, state=standing.state, condition=standing.condition, evidence=evidence
    )


def _proof(asset: str, field: str, says: str) -> Evidence:
    return Evidence(asset=asset, field=field, says=says)


def _short(id: str) -> str:
    return id.rpartition("/")[2]


FAMILY = Family(Width.PROVIDER, find, "aws")
