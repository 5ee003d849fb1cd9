"""Reads Amazon SNS: topics, never messages nor the addresses of subscribers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.aws.reading.reader import AwsReader, tags_of
from poise.collect.aws.reading.spread import listed_each
from poise.collect.documents import policy_document
from poise.collect.facts import Facts, Piece
from poise.model.asset import Json
from poise.model.aws.sns import SnsTopic
from poise.model.listing import Read

PER_REGION = True
OF_ATTRIBUTES = ("policy", "encryption_key", "subscriptions")
READS = (
    Read("sns:ListTopics", "sns:ListTopics", ("SnsTopic",)),
    Read("sns:GetTopicAttributes", "sns:GetTopicAttributes", tuple(f"SnsTopic.{field}" for field in OF_ATTRIBUTES)),
    Read("sns:ListTagsForResource", "sns:ListTagsForResource", ("SnsTopic.tags",)),
)


def collect(reader: AwsReader) -> Iterator[Piece]:
    """Yield the topics of a region, then the state of the listing."""
    yield from listed_each(reader, SnsTopic, reader.pages("sns", "ListTopics", "Topics"), partial(_topic, reader))


def _topic(reader: AwsReader, item: Json) -> list[Piece]:
    arn = item["TopicArn"]
    facts = Facts(SnsTopic)
    facts.read(
        partial(reader.get, "sns", "GetTopicAttributes", TopicArn=arn),
        policy=lambda a: policy_document(a["Attributes"].get("Policy") or None),
        encryption_key=lambda a: a["Attributes"].get("KmsMasterKeyId") or None,
        subscriptions=lambda a: int(a["Attributes"]["SubscriptionsConfirmed"]),
    )
    facts.read(partial(reader.get, "sns", "ListTagsForResource", ResourceArn=arn), tags=lambda a: tags_of(a["Tags"]))
    return list(facts.finish(id=arn, name=arn.rpartition(":")[2], scope=reader.account, region=reader.region))
