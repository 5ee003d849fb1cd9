"""Lists whose items are converted several at a time: nothing that came is lost, whatever breaks."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from poise.collect.aws.reading import spread
from poise.collect.facts import Facts
from poise.model.aws.vpc import InternetGateway
from poise.model.errors import NotRead
from poise.model.listing import Listing

PLACE = spread.Place("aws-cn", "cn-north-1", "111122223333")


class Pooled:
    """A reader that converts in threads, as the live one does."""

    def __init__(self, pool):
        self.pool = pool

    def each(self, convert, items):
        return self.pool.map(convert, items)


@pytest.fixture
def reader():
    with ThreadPoolExecutor(4) as pool:
        yield Pooled(pool)


def convert(item):
    facts = Facts(InternetGateway)
    facts.set(tags={}, vpcs=())
    return facts.finish(id=item["id"], name=item["id"], scope="1", region="r")


def read(reader, items):
    pieces = list(spread.listed_each(reader, InternetGateway, items, convert))
    found = [piece.asset.id for piece in pieces if hasattr(piece, "asset")]
    (listing,) = [piece for piece in pieces if isinstance(piece, Listing)]
    return found, listing


def test_items_keep_their_order_over_several_chunks(reader):
    ids = [str(n) for n in range(spread.AHEAD * 2 + 7)]

    found, listing = read(reader, ({"id": id} for id in ids))

    assert found == ids
    assert listing.state == "complete"


@pytest.mark.parametrize("good", [0, 3, spread.AHEAD, spread.AHEAD + 3])
def test_list_that_breaks_off_keeps_what_came_before(reader, good):
    def items():
        yield from ({"id": str(n)} for n in range(good))
        raise NotRead("ec2:DescribeInternetGateways", "AccessDenied", "denied")

    found, listing = read(reader, items())

    assert len(found) == good
    assert (listing.state, listing.reason) == ("partial" if good else "denied", "denied")


def test_item_that_cannot_be_understood_loses_itself_alone(reader):
    found, listing = read(reader, [{"id": "1"}, {}, None, {"id": "2"}])

    assert found == ["1", "2"]
    assert listing.state == "partial"


def test_call_inside_a_conversion_that_fails_does_not_end_the_list(reader):
    def failing(item):
        raise NotRead("ec2:DescribeInstanceAttribute", "Throttling", "throttled out")

    pieces = list(spread.listed_each(reader, InternetGateway, [{"id": "1"}], failing))

    assert pieces[-1].state == "partial"


def test_ids_are_arns_of_the_partition():
    assert PLACE.arn("vpc", "vpc-1") == "arn:aws-cn:ec2:cn-north-1:111122223333:vpc/vpc-1"
    assert PLACE.arn("vpc", "vpc-1", "999988887777") == "arn:aws-cn:ec2:cn-north-1:999988887777:vpc/vpc-1"
    assert PLACE.arn_or_none("vpc", "") is None


@pytest.mark.parametrize(
    ("tags", "name"),
    [
        ([{"Key": "Name", "Value": "shop"}], "shop"),
        ([{"Key": "Name", "Value": ""}], "vpc-1"),
        ([{"Key": "name", "Value": "shop"}], "vpc-1"),
        (None, "vpc-1"),
        ("text", "vpc-1"),
    ],
)
def test_name_is_the_tag_or_the_id(tags, name):
    assert spread.name_of(tags, "vpc-1") == name
