"""Reads Amazon SQS: queues, never messages."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import orjson

from poise.collect.aws.reading.reader import AwsReader
from poise.collect.aws.reading.spread import listed_each
from poise.collect.documents import policy_document
from poise.collect.facts import Facts, Piece
from poise.model.asset import Json
from poise.model.aws.sqs import SqsQueue
from poise.model.listing import Read

PER_REGION = True
OF_ATTRIBUTES = ("policy", "encryption_key", "managed_encryption", "dead_letter_queue", "retention_s")
READS = (
    Read("sqs:ListQueues", "sqs:ListQueues", ("SqsQueue",)),
    Read("sqs:GetQueueAttributes", "sqs:GetQueueAttributes", tuple(f"SqsQueue.{field}" for field in OF_ATTRIBUTES)),
    Read("sqs:ListQueueTags", "sqs:ListQueueTags", ("SqsQueue.tags",)),
)


def collect(reader: AwsReader) -> Iterator[Piece]:
    """Yield the queues of a region, then the state of the listing."""
    yield from listed_each(reader, SqsQueue, reader.pages("sqs", "ListQueues", "QueueUrls"), partial(_queue, reader))


def _queue(reader: AwsReader, url: str) -> list[Piece]:
    name = url.rpartition("/")[2]
    facts = Facts(SqsQueue)
    facts.set(url=url)
    # An attribute that was never set is left out, an empty one counts as not set (SQS API, GetQueueAttributes).
    facts.read(
        partial(reader.get, "sqs", "GetQueueAttributes", QueueUrl=url, AttributeNames=["All"]),
        policy=lambda a: policy_document(a["Attributes"].get("Policy") or None),
        encryption_key=lambda a: a["Attributes"].get("KmsMasterKeyId") or None,
        managed_encryption=lambda a: a["Attributes"].get("SqsManagedSseEnabled") == "true",
        dead_letter_queue=lambda a: _target(a["Attributes"].get("RedrivePolicy")),
        retention_s=lambda a: int(a["Attributes"]["MessageRetentionPeriod"]),
    )
    facts.read(partial(reader.get, "sqs", "ListQueueTags", QueueUrl=url), tags=lambda a: a.get("Tags") or {})
    arn = f"arn:{reader.partition}:sqs:{reader.region}:{reader.account}:{name}"
    return list(facts.finish(id=arn, name=name, scope=reader.account, region=reader.region))


def _target(text: Json) -> str | None:
    return str(orjson.loads(text)["deadLetterTargetArn"]) if text else None
