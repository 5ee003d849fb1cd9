"""The feeds, their publishers and the words that name them."""

from poise.cli.settings import SETTINGS
from poise.vulns.feeds import BASES, FEEDS


def test_every_publisher_has_a_feed_and_is_named_where_mirrors_are_set():
    assert {feed.publisher for feed in FEEDS} == set(BASES)
    told = next(str(one) for one in SETTINGS if one.name == "vulns.mirrors")
    assert all(f"`{name}`" in told for name in BASES)
    assert "`alpine`" not in told
