"""The graph of a store: built when it is asked for, kept, and shown as far as a viewer may see."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace as changed
from threading import Event

import pytest

from poise.app import graph
from poise.app.scan import ScanOptions, scan
from poise.model.errors import UsageError
from poise.model.samples.aws import ACCOUNT, AWS_ACCOUNT
from tests.app.conftest import bucket

DATA = "arn:aws:s3:::data"


def read(workspace, cloud, *buckets):
    cloud.buckets = list(buckets)
    scan(workspace, [cloud], ScanOptions(command="test"))


@pytest.fixture
def filled(workspace, cloud):
    read(workspace, cloud, bucket("data", tags={"data-classification": "pii"}), bucket("logs"))
    return workspace


def test_the_graph_holds_what_was_read(filled):
    found = graph.graph_of(filled)
    assert {AWS_ACCOUNT.id, DATA, "arn:aws:s3:::logs"} <= {node.id for node in found.nodes()}
    assert found.node(DATA).insights["sensitive"] is True
    assert "sensitive" not in found.node("arn:aws:s3:::logs").insights


def test_it_is_taken_from_the_store_until_the_inventory_changes(filled, cloud):
    first = graph.graph_of(filled)
    key = filled.store.graph.key()
    assert graph.graph_of(filled).digest == first.digest
    read(filled, cloud, bucket("data"), bucket("logs"))
    assert graph.graph_of(filled).digest != first.digest
    assert filled.store.graph.key() != key


def test_a_process_that_stays_builds_on_what_it_had(filled, cloud):
    cache = graph.GraphCache()
    first = graph.graph_of(filled, cache)
    assert graph.graph_of(filled, cache) is first
    read(filled, cloud, bucket("data"), bucket("logs"), bucket("more"))
    again = graph.graph_of(filled, cache)
    assert again.digest == graph.built_from(filled, {}).graph.digest


def test_it_is_built_once_however_many_ask_at_once(filled):
    cache = graph.GraphCache()
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: graph.graph_of(filled, cache), range(8)))
    assert all(one is found[0] for one in found)


def test_who_asks_while_a_big_one_is_built_is_told_and_gets_it_later():
    cache, may_end = graph.GraphCache(patience_s=0.01), Event()
    made = object()

    def slowly(_):
        may_end.wait()
        return made, {}

    with pytest.raises(graph.GraphBeingBuilt, match="being built"):
        cache.get("key", slowly)
    with pytest.raises(graph.GraphBeingBuilt):
        cache.get("key", lambda _: pytest.fail("it is built already"))
    may_end.set()
    cache.patience_s = None
    assert cache.get("key", slowly) is made


def test_a_build_that_fails_is_told_and_tried_again():
    def fails(_):
        raise UsageError("no")

    cache = graph.GraphCache()
    with pytest.raises(UsageError, match="no"):
        cache.get("key", fails)
    made = object()
    assert cache.get("key", lambda _: (made, {})) is made


def test_the_graph_of_an_earlier_inventory_is_not_given_for_a_later_one():
    cache, may_end, begun = graph.GraphCache(), Event(), Event()
    old, new = object(), object()

    def slowly(_):
        begun.set()
        may_end.wait()
        return old, {}

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(cache.get, "old", slowly)
        begun.wait()
        second = threads.submit(cache.get, "new", lambda _: (new, {}))
        may_end.set()
        assert second.result() is new
        assert first.result() is old


def test_an_asset_that_went_leaves_the_graph(filled, cloud):
    graph.graph_of(filled)
    read(filled, cloud, bucket("data"))
    assert "arn:aws:s3:::logs" not in graph.graph_of(filled)


def test_the_neighbourhood_of_an_asset_is_plain_json_with_when_it_was_read(filled, clock):
    near = graph.neighbourhood(filled, DATA)
    assert {node["distance"] for node in near["nodes"] if node["id"] != DATA} == {1}
    (edge,) = [one for one in near["edges"] if one["source"] == AWS_ACCOUNT.id]
    assert (edge["source"], edge["kind"], edge["target"]) == (AWS_ACCOUNT.id, "contains", DATA)
    assert edge["evidence"][0]["read_at"] == clock().isoformat()


def test_what_is_too_much_is_counted(filled):
    near = graph.neighbourhood(filled, AWS_ACCOUNT.id, limit=2)
    assert len(near["nodes"]) == 2
    assert near["left_out"] >= 1


def test_more_hops_see_further(filled):
    assert {node["id"] for node in graph.neighbourhood(filled, DATA, hops=2)["nodes"]} >= {"arn:aws:s3:::logs"}


def test_a_viewer_sees_nothing_of_other_scopes(filled):
    elsewhere = changed(filled, viewer=frozenset({"999988887777"}))
    with pytest.raises(UsageError, match="no 'arn:aws:s3:::data'"):
        graph.neighbourhood(elsewhere, DATA)
    assert graph.neighbourhood(changed(filled, viewer=frozenset({ACCOUNT})), DATA)["edges"]


def test_an_unknown_id_is_told(filled):
    with pytest.raises(UsageError, match="nowhere"):
        graph.neighbourhood(filled, "nowhere")
