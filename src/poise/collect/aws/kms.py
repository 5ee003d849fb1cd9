"""Reads AWS Key Management Service.

Of the keys that AWS manages for its services neither rotation nor grants are asked: AWS renews the former every year
and services make the latter, and nobody can change either (KMS Developer Guide, "AWS managed keys").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial

from poise.collect.aws.reading.reader import AwsReader, as_text
from poise.collect.aws.reading.spread import listed_each
from poise.collect.documents import policy_document
from poise.collect.facts import Facts, Piece
from poise.model.asset import Json
from poise.model.aws.kms import KmsKey
from poise.model.errors import NotRead
from poise.model.listing import Read

PER_REGION = True
READS = (
    Read("kms:ListKeys", "kms:ListKeys", ("KmsKey",)),
    Read("kms:ListAliases", "kms:ListAliases", ("KmsKey.aliases",)),
    Read(
        "kms:DescribeKey",
        "kms:DescribeKey",
        tuple(
            f"KmsKey.{field}"
            for field in (
                *("created", "description", "manager", "state", "usage", "spec", "origin"),
                *("multi_region", "primary_key", "deletion_date"),
            )
        ),
    ),
    Read("kms:GetKeyPolicy", "kms:GetKeyPolicy", ("KmsKey.policy",)),
    Read(
        "kms:GetKeyRotationStatus",
        "kms:GetKeyRotationStatus",
        ("KmsKey.rotation_enabled", "KmsKey.rotation_period_days"),
    ),
    Read("kms:ListGrants", "kms:ListGrants", ("KmsKey.grants",)),
    Read("kms:ListResourceTags", "kms:ListResourceTags", ("KmsKey.tags",)),
)
MANAGED = "not asked: AWS manages this key"


def collect(reader: AwsReader) -> Iterator[Piece]:
    """Yield the keys of a region, then the state of the listing."""
    aliases: _Aliases | NotRead
    try:
        aliases = _aliases(reader)
    except NotRead as problem:
        aliases = problem
    keys = reader.pages("kms", "ListKeys", "Keys")
    yield from listed_each(reader, KmsKey, keys, partial(_key, reader, aliases))


_Aliases = dict[str, list[str]]


def _aliases(reader: AwsReader) -> _Aliases:
    found: _Aliases = defaultdict(list)
    for item in reader.pages("kms", "ListAliases", "Aliases"):
        if item.get("TargetKeyId"):
            found[item["TargetKeyId"]].append(item["AliasName"])
    return dict(found)


def _key(reader: AwsReader, aliases: _Aliases | NotRead, item: Json) -> list[Piece]:
    id = item["KeyId"]
    facts = Facts(KmsKey)
    facts.read(
        partial(reader.get, "kms", "DescribeKey", KeyId=id),
        created=lambda a: as_text(a["KeyMetadata"]["CreationDate"]),
        description=lambda a: a["KeyMetadata"].get("Description") or "",
        manager="KeyMetadata.KeyManager",
        state="KeyMetadata.KeyState",
        usage="KeyMetadata.KeyUsage",
        spec=lambda a: a["KeyMetadata"].get("KeySpec") or a["KeyMetadata"]["CustomerMasterKeySpec"],
        origin="KeyMetadata.Origin",
        multi_region="KeyMetadata.MultiRegion",
        primary_key="KeyMetadata.MultiRegionConfiguration.PrimaryKey.Arn",
        deletion_date=_deletion_date,
    )
    policy = partial(reader.get, "kms", "GetKeyPolicy", KeyId=id, PolicyName="default")
    facts.read(policy, policy=lambda a: policy_document(a["Policy"]))
    if facts.values.get("manager") == "AWS":
        facts.set(tags={})
        facts.unread |= dict.fromkeys(("rotation_enabled", "rotation_period_days", "grants"), MANAGED)
    else:
        _read_customer_facts(facts, reader, id)
    if isinstance(aliases, NotRead):
        facts.lacks(aliases, "aliases")
    else:
        facts.set(aliases=sorted(aliases.get(id, ())))
    name = next(iter(facts.values.get("aliases", ())), id)
    return list(facts.finish(id=item["KeyArn"], name=name, scope=reader.account, region=reader.region))


def _read_customer_facts(facts: Facts[KmsKey], reader: AwsReader, id: str) -> None:
    rotation = partial(reader.get, "kms", "GetKeyRotationStatus", KeyId=id)
    never = {"rotation_enabled": False, "rotation_period_days": None}
    facts.read(
        rotation,
        {"UnsupportedOperationException": never},
        rotation_enabled="KeyRotationEnabled",
        rotation_period_days=lambda a: a.get("RotationPeriodInDays"),
    )
    facts.read(_all(reader, "ListGrants", "Grants", id), grants=lambda a: [_grant(g) for g in a["Grants"]])
    tags = _all(reader, "ListResourceTags", "Tags", id)
    facts.read(tags, tags=lambda a: {tag["TagKey"]: tag["TagValue"] for tag in a["Tags"]})


def _all(reader: AwsReader, operation: str, items: str, id: str) -> Callable[[], Json]:
    """Return a call that joins all pages into one answer."""

    def call(_service: str, _operation: str) -> Json:
        return {items: list(reader.pages("kms", operation, items, KeyId=id))}

    return partial(call, "kms", operation)


def _grant(item: Json) -> Json:
    return {
        "id": item["GrantId"],
        "name": item.get("Name") or None,
        "grantee": item.get("GranteePrincipal") or item["GranteeServicePrincipal"],
        "operations": item["Operations"],
        "constraints": item.get("Constraints") or None,
    }


def _deletion_date(answer: Json) -> str | None:
    moment = answer["KeyMetadata"].get("DeletionDate")
    return as_text(moment) if moment else None
