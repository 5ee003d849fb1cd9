"""`poise show ID --graph`: what lies around an asset, for people and for scripts."""

from poise.model.samples.aws import AWS_ACCOUNT

GOOD = "arn:aws:s3:::good"


def test_scripts_get_nodes_edges_and_when_each_fact_was_read(scanned):
    found = scanned("show", GOOD, "--graph", "-o", "json").json

    assert (found["center"], found["hops"], found["left_out"]) == (GOOD, 1, 0)
    assert AWS_ACCOUNT.id in {node["id"] for node in found["nodes"]}
    assert all(proof["read_at"] for edge in found["edges"] for proof in edge["evidence"] if proof["asset"] == GOOD)


def test_people_get_a_table(scanned):
    answer = scanned("show", GOOD, "--graph")

    assert answer.code == 0
    assert "Around good" in answer.out
    assert "contains" in answer.out


def test_two_hops_show_the_neighbours_of_the_account(scanned):
    near = scanned("show", GOOD, "--graph", "--hops", 2, "-o", "json").json

    assert "arn:aws:s3:::bad" in {node["id"] for node in near["nodes"]}


def test_names_that_hostile_people_gave_are_harmless(scanned):
    answer = scanned("show", AWS_ACCOUNT.id, "--graph")

    assert answer.code == 0
    assert "\x1b]" not in answer.out


def test_an_unknown_id_is_a_mistake_of_use(scanned):
    answer = scanned("show", "arn:aws:s3:::nowhere", "--graph")

    assert answer.code == 2
    assert "nowhere" in answer.err
