"""Joins load balancers with their tags, which the API gives for at most twenty at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from poise.collect.aws.reading.reader import AwsReader, tags_of
from poise.collect.aws.reading.spread import chunked
from poise.collect.facts import Facts
from poise.model.asset import Json
from poise.model.errors import NotRead

MOST_AT_ONCE = 20
"""Elastic Load Balancing API, DescribeTags, in both versions."""


@dataclass(frozen=True)
class TagCall:
    """How one generation of the API lists load balancers and names their tags."""

    service: str
    """`elbv2` or `elb`."""
    balancers: str
    """Key of the list of load balancers."""
    id: str
    """Key that tells one load balancer from another."""
    tag_id: str
    """The same in the answer of tags."""
    parameter: str
    """Parameter that takes them."""
    operation: str = "DescribeLoadBalancers"
    """Call that lists what has tags."""


Tagged = tuple[Json, Json | NotRead]
"""A load balancer, and its tag description or why there is none."""


def with_tags(reader: AwsReader, how: TagCall) -> Iterator[Tagged]:
    """Yield every load balancer of a region with its tags."""
    for chunk in chunked(reader.pages(how.service, how.operation, how.balancers), MOST_AT_ONCE):
        ids = [item[how.id] for item in chunk if isinstance(item, dict) and how.id in item]
        try:
            answer = reader.get(how.service, "DescribeTags", **{how.parameter: ids})
            found = {one[how.tag_id]: one for one in answer.get("TagDescriptions") or ()}
        except NotRead as problem:
            yield from ((item, problem) for item in chunk)
            continue
        yield from ((item, found.get(item.get(how.id)) if isinstance(item, dict) else None) for item in chunk)


def take_tags(facts: Facts[Any], tags: Json | NotRead, how: TagCall) -> None:
    """Take the tags that :func:`with_tags` found for a load balancer."""
    call = f"{how.service}:DescribeTags"
    if tags is None:
        tags = NotRead(call, "malformed", f"{call}: the answer does not name the load balancer")
    if isinstance(tags, NotRead):
        facts.lacks(tags, "tags")
        return
    facts.pick(call, tags, tags=lambda t: tags_of(t.get("Tags")))
