"""Routes as edges, from answers about the network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from poise.graph.estate import Estate
from poise.graph.judging import Pointer, reach_standing
from poise.model.graph import Edge, EdgeKind
from poise.policy.intervals import PortSet
from poise.policy.reach import Decision, Reach


def port_texts(protocol: str, ports: PortSet) -> tuple[str, ...]:
    """Return ports as edges name them: `tcp/443`, `udp/1000-2000`."""
    return tuple(f"{protocol}/{text}" for text in str(ports).split(", ") if text)


def texts_of(answers: Iterable[Reach]) -> tuple[str, ...]:
    """Return the ports of answers about different protocols, sorted."""
    return tuple(sorted({text for answer in answers for text in port_texts(answer.protocol, answer.ports)}))


def routes(estate: Estate, ends: tuple[str, str], answers: Iterable[Reach]) -> Iterable[Edge]:
    """Yield one route for what is open for certain, and one for what may be."""
    answers = tuple(answers)
    for decision in (Decision.OPEN, Decision.UNKNOWN):
        some = [one for one in answers if one.decision is decision]
        if some:
            yield _route(estate, ends, some)


def _route(estate: Estate, ends: tuple[str, str], answers: Sequence[Reach]) -> Edge:
    stands = next(one for one in map(reach_standing, answers) if one is not None)
    reasons = dict.fromkeys(reason for answer in answers for reason in answer.because)
    return Edge(
        source=ends[0],
        target=ends[1],
        kind=EdgeKind.ROUTES_TO,
        state=stands.state,
        condition=stands.condition,
        ports=texts_of(answers),
        evidence=Pointer(estate.places, ends[1]).evidence(reasons),
    )
