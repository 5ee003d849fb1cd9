"""Folding: where little is alike each state stays itself, and of several rows of one kind the cheapest counts."""

import numpy as np
import pytest

from poise.attackpaths import collapsing
from poise.attackpaths.collapsing import fold
from poise.attackpaths.table import Table

ROWS = ((0, 1, 0.3, 0), (0, 1, 0.2, 0), (0, 1, 0.9, 1), (1, 2, 0.1, 0))
"""Source, target, cost, sign: two rows of one kind between the first two states."""


@pytest.fixture
def table():
    source, target, cost, sign = (np.array(column) for column in zip(*ROWS, strict=True))
    free = np.zeros(len(ROWS), np.bool_)
    return Table(3, source.astype(np.int32), target.astype(np.int32), cost, free, sign.astype(np.int32))


@pytest.fixture(autouse=True)
def little_is_alike(monkeypatch):
    monkeypatch.setattr(collapsing, "FEW", 0)


def test_states_stay_themselves(table):
    folded = fold(table, [0, 1, 2])
    assert folded.of.tolist() == [0, 1, 2]
    assert folded.table is table
    assert folded.row.tolist() == [0, 1, 2, 3]


def test_of_rows_that_repeat_the_cheapest_is_kept(table):
    folded = fold(table, [0, 1, 2], repeats=True)
    assert folded.of.tolist() == [0, 1, 2]
    assert sorted(folded.row.tolist()) == [1, 2, 3]
