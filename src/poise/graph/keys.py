"""The KMS keys of an estate, and what one actor may do with them."""

from __future__ import annotations

from collections.abc import Mapping

from poise.graph.estate import Estate
from poise.graph.sides import Actor, Asking, held_of
from poise.model.aws.kms import KmsKey
from poise.policy.answer import Answer, Unread
from poise.policy.aws.data_keys import find_key


def key_in(estate: Estate, arn: str) -> KmsKey | Unread:
    """Return the key with an ARN, or the ARN of an alias, looked up once."""
    return estate.once(f"key {arn}", lambda: find_key(arn, estate.inventory))


class KeysOf:
    """Keys as one actor meets them."""

    def __init__(self, asking: Asking, actor: Actor) -> None:
        self._asking = asking
        self._actor = actor

    def find(self, arn: str) -> KmsKey | Unread:
        """Return a key by its ARN or that of an alias."""
        return key_in(self._asking.estate, arn)

    def may(self, action: str, key: KmsKey, context: Mapping[str, str]) -> Answer:
        """Return whether the actor may do an action of KMS with a key."""
        return self._asking.answer(self._actor, action, held_of(self._asking.estate, key), context)
