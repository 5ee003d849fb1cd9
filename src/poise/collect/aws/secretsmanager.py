"""Reads AWS Secrets Manager: what is said of secrets, never a value. The call for values is not made."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.aws.reading.reader import AwsReader, as_text, tags_of
from poise.collect.aws.reading.spread import listed_each
from poise.collect.documents import policy_document
from poise.collect.facts import Facts, Piece
from poise.model.asset import Json
from poise.model.aws.secretsmanager import Secret
from poise.model.listing import Read

PER_REGION = True
READS = (
    Read("secretsmanager:ListSecrets", "secretsmanager:ListSecrets", ("Secret",)),
    Read("secretsmanager:GetResourcePolicy", "secretsmanager:GetResourcePolicy", ("Secret.policy",)),
)


def collect(reader: AwsReader) -> Iterator[Piece]:
    """Yield the secrets of a region, then the state of the listing."""
    found = reader.pages("secretsmanager", "ListSecrets", "SecretList")
    yield from listed_each(reader, Secret, found, partial(_secret, reader))


def _secret(reader: AwsReader, item: Json) -> list[Piece]:
    facts = Facts(Secret)
    facts.pick(
        "secretsmanager:ListSecrets",
        item,
        tags=lambda i: tags_of(i.get("Tags")),
        encryption_key=lambda i: i.get("KmsKeyId") or None,
        # Left out until rotation was ever set up (Secrets Manager API, SecretListEntry).
        rotation_enabled=lambda i: bool(i.get("RotationEnabled")),
        rotation_days=lambda i: (i.get("RotationRules") or {}).get("AutomaticallyAfterDays"),
        last_rotated=lambda i: _moment(i.get("LastRotatedDate")),
        last_changed=lambda i: _moment(i.get("LastChangedDate")),
        last_used=lambda i: _moment(i.get("LastAccessedDate")),
        owning_service=lambda i: i.get("OwningService") or None,
    )
    facts.read(
        partial(reader.get, "secretsmanager", "GetResourcePolicy", SecretId=item["ARN"]),
        policy=lambda a: policy_document(a.get("ResourcePolicy") or None),
    )
    return list(facts.finish(id=item["ARN"], name=item["Name"], scope=reader.account, region=reader.region))


def _moment(value: Json) -> str | None:
    return as_text(value) if value else None
