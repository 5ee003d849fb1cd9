"""Secrets that were seen in texts and files, and whom they belong to as far as that can be told.

A secret is known by its fingerprint: the same secret in two places is one node. It is joined to a principal only by a
key id or the fingerprint of a public key, never by its name or kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Width
from poise.model.asset import Asset
from poise.model.aws.awslambda import LambdaFunction
from poise.model.aws.ec2 import Ec2Instance
from poise.model.graph import Edge, EdgeKind, Evidence, Node
from poise.model.secret import ScannedText, SecretHit

SECRET = "secret"  # noqa: S105 - a kind of node
TEXTS: Mapping[type[Asset], str] = {Ec2Instance: "user_data", LambdaFunction: "environment"}
"""Kind -> the text that was scanned."""


def find(estate: Estate) -> Found:
    """Yield an edge from each holder to each secret that was seen in it."""
    for kind, field in TEXTS.items():
        for holder in estate.of(kind):
            text = read(holder, field)
            if isinstance(text, ScannedText):
                for hit in text.hits:
                    yield from _held(holder, field, hit)


def _held(holder: Asset, field: str, hit: SecretHit) -> Iterator[Node | Edge]:
    id = f"secret:{hit.fingerprint}"
    yield Node(
        id=id,
        kind=SECRET,
        name=f"{hit.rule.replace('_', ' ')} ...{hit.last_four}" if hit.last_four else hit.rule.replace("_", " "),
        provider=holder.PROVIDER,
        scope=holder.scope,
        insights={"rule": hit.rule},
    )
    proof = Evidence(asset=holder.id, field=field, says=f"a text of it holds a secret ({hit.rule})", place=hit.place)
    yield Edge(source=holder.id, target=id, kind=EdgeKind.HOLDS_SECRET, evidence=(proof,))


FAMILY = Family(Width.SCOPE, find, "aws")
