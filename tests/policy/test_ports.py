"""Ports and what listens there."""

import pytest

from poise.model.errors import BadInput
from poise.policy import ports


def test_port_is_told_with_what_listens_there():
    assert ports.named((22, 4000, 5432)) == "22 (SSH), 4000, 5432 (PostgreSQL)"


def test_lists_do_not_overlap_and_hold_ports():
    assert not ports.MANAGEMENT.keys() & ports.DATABASES.keys()
    assert all(0 < int(port) < 65536 for port in ports.MANAGEMENT | ports.DATABASES)


@pytest.mark.parametrize("text", ["ssh", "-1", "65536", "", "²"])
def test_port_that_cannot_be_is_refused_by_name(text):
    with pytest.raises(BadInput, match="not a port"):
        ports.port_numbers(("22", text))
