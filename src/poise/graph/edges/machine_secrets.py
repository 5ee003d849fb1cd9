"""Which secrets lie where, and what each opens: keys of users, private keys of machines, passwords of databases."""

from __future__ import annotations

from collections.abc import Iterator

from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Told, Width
from poise.model.aws.iam import IamUser
from poise.model.aws.rds import RdsCluster, RdsInstance
from poise.model.graph import Edge, EdgeKind, EdgeState, Evidence, Node
from poise.model.host.machine import Machine
from poise.model.host.matched_secret import MatchedSecret
from poise.model.host.secrets import Secrets

SECRET = "secret"  # noqa: S105 - a kind of node


def find(estate: Estate) -> Found:
    """Yield nodes of secrets, and what holds them and what they open."""
    for scanned in estate.of(Secrets):
        yield from _on_disk(scanned)
    for secret in estate.of(MatchedSecret):
        yield from _matched(estate, secret)
    yield from _ssh_keys(estate)
    for instance in estate.of(RdsInstance):
        yield from _master_password(instance)
    for cluster in estate.of(RdsCluster):
        yield from _master_password(cluster)


def _master_password(database: RdsInstance | RdsCluster) -> Iterator[Edge]:
    """Yield that the secret in which RDS keeps the password of a database opens it."""
    secret = read(database, "master_secret")
    if secret:
        proof = Evidence(asset=database.id, field="master_secret", says="its administrator's password is kept there")
        kind = EdgeKind.CAN_AUTHENTICATE_AS
        yield Edge(source=secret, target=database.id, kind=kind, evidence=(proof,))


def _on_disk(scanned: Secrets) -> Found:
    for found in read(scanned, "found") or ():
        id = f"secret:{found.fingerprint}"
        yield _node(id, f"{found.rule} in {found.path}", scanned.scope)
        proof = Evidence(asset=scanned.id, field="found", says=f"{found.rule} in {found.path}", place=found.place)
        yield Edge(source=scanned.machine, target=id, kind=EdgeKind.HOLDS_SECRET, evidence=(proof,))


def _matched(estate: Estate, secret: MatchedSecret) -> Found:
    proof = Evidence(asset=secret.id, field="place", says=f"{secret.rule} in {secret.place}")
    yield _node(secret.id, secret.name, secret.scope)
    yield Told(secret.id, "leaked", secret.leaked)
    active = _is_active(estate, secret)
    if active is not None:
        yield Told(secret.id, "active", active)
    if secret.held_in is not None:
        yield Edge(source=secret.held_in, target=secret.id, kind=EdgeKind.HOLDS_SECRET, evidence=(proof,))
    if secret.opens is not None and active is not False:
        says = f"it opens {secret.opens.rpartition('/')[2]}"
        yield Edge(
            source=secret.id,
            target=secret.opens,
            kind=EdgeKind.CAN_AUTHENTICATE_AS,
            state=EdgeState.CERTAIN if active else EdgeState.CONDITIONAL,
            condition="" if active else "it still works",
            evidence=(proof, Evidence(asset=secret.id, field="opens", says=says)),
        )


def _is_active(estate: Estate, secret: MatchedSecret) -> bool | None:
    """Return whether it works: as was tried, else as the provider tells of the access key that it is."""
    if secret.valid is False:
        return False
    user = estate.get(secret.opens) if secret.opens else None
    if isinstance(user, IamUser) and secret.key_number is not None and "access_keys" not in user.unread:
        return any(key.active for key in user.access_keys if key.number == secret.key_number)
    return secret.valid


def _ssh_keys(estate: Estate) -> Found:
    """Yield each private key that lies on one machine and opens another."""
    opened: dict[str, list[Machine]] = {}
    for machine in estate.of(Machine):
        for key in read(machine, "authorized_keys") or ():
            opened.setdefault(key.fingerprint, []).append(machine)
    for machine in estate.of(Machine):
        for key in read(machine, "private_keys") or ():
            if key.fingerprint in opened and not key.encrypted and not key.is_host_key:
                yield from _ssh_key(machine, key.place, key.fingerprint, opened[key.fingerprint])


def _ssh_key(holder: Machine, place: str, fingerprint: str, opened: list[Machine]) -> Iterator[Node | Edge]:
    id = f"secret:ssh:{fingerprint}"
    yield _node(id, f"SSH key in {place}", holder.scope)
    proof = Evidence(asset=holder.id, field="private_keys", says=f"a private key without a passphrase in {place}")
    yield Edge(source=_cloud_id(holder), target=id, kind=EdgeKind.HOLDS_SECRET, evidence=(proof,))
    for machine in opened:
        if machine.id != holder.id:
            says = "it is among the authorized keys"
            match = Evidence(asset=machine.id, field="authorized_keys", says=says)
            kind = EdgeKind.CAN_AUTHENTICATE_AS
            yield Edge(source=id, target=_cloud_id(machine), kind=kind, evidence=(proof, match))


def _cloud_id(machine: Machine) -> str:
    return read(machine, "cloud_asset") or machine.id


def _node(id: str, name: str, scope: str) -> Node:
    return Node(id=id, kind=SECRET, name=name, provider="", scope=scope)


FAMILY = Family(Width.ESTATE, find)
