"""Reads one account's IAM from the file that `aws iam get-account-authorization-details` prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar, cast

from poise.collect.aws import account, iam
from poise.collect.aws.iam_details import CALL, LISTS
from poise.collect.aws.services import Service
from poise.collect.connector import gather
from poise.collect.documents import MAX_FILE_BYTES, load_json
from poise.model.asset import Json
from poise.model.errors import BadInput, NotRead
from poise.model.listing import Collected, PartitionKey, Read, Scope
from poise.model.secret import ScannedText
from poise.secrets.scan import scan_text, scan_variables

T = TypeVar("T")
U = TypeVar("U")
SERVICES = {"account": cast("Service", account), "iam": cast("Service", iam)}
"""What the file speaks of; the account is there so that gaps have an asset to show on."""
HINT = "Make it with: aws iam get-account-authorization-details > FILE"


@dataclass(frozen=True)
class DetailsReader:
    """Answers one call from the file and none of the others; see :class:`AwsReader`."""

    answer: Mapping[str, Json]
    account: str
    partition: str
    secret_key: bytes = b""
    region: str = "global"

    def get(self, service: str, operation: str, /, **params: Json) -> Json:
        """Return the file for the call that it answers."""
        call = f"{service}:{operation}"
        if call != CALL or "Marker" in params:
            raise NotRead(call, "not_in_export", f"{call} is not in this file")
        return self.answer

    def pages(self, service: str, operation: str, items: str, /, **params: Json) -> Iterator[Json]:
        """Yield the items of the answer."""
        yield from self.get(service, operation, **params).get(items) or ()

    def in_region(self, region: str) -> DetailsReader:
        """Return itself: IAM is global."""
        return self

    def each(self, convert: Callable[[T], U], items: Iterable[T]) -> Iterator[U]:
        """Apply ``convert`` to every item, one after the other."""
        return map(convert, items)

    def hide(self, text: str) -> ScannedText:
        """Scan a text for secrets and return what may be kept of it."""
        return scan_text(text, self.secret_key)

    def hide_variables(self, variables: Mapping[str, str]) -> ScannedText:
        """Scan environment variables for secrets and return what may be kept of them."""
        return scan_variables(variables, self.secret_key)


@dataclass
class AwsAuthorizationDetails:
    """Reads one account from an account-authorization-details file; see :class:`Connector`."""

    path: Path
    source: str
    clock: Callable[[], datetime]
    secret_key: bytes = b""
    _opened: DetailsReader | None = field(default=None, init=False)

    @staticmethod
    def recognises(path: Path) -> bool:
        """Whether a file looks like one: it names two of the lists, also if it is cut short or damaged."""
        try:
            text = path.read_bytes() if path.stat().st_size <= MAX_FILE_BYTES else b""
        except OSError:
            return False
        return sum(f'"{name}"'.encode() in text for name in LISTS) > 1

    def scopes(self) -> Sequence[Scope]:
        """Return the account that the ARNs of the file name."""
        number = self._reader().account
        return (Scope(number, "aws", number, ()),)

    def partitions(self, scope: Scope) -> Sequence[PartitionKey]:
        """Return IAM and the account."""
        return tuple(PartitionKey(self.source, "aws", scope.id, name, "global") for name in SERVICES)

    def reads(self, key: PartitionKey) -> Sequence[Read]:
        """Return the calls of the service."""
        return SERVICES[key.service].READS

    def read(self, key: PartitionKey) -> Collected:
        """Read one of the two."""
        service = SERVICES[key.service]
        return gather(key, service.collect(self._reader()), service.READS, self.clock())

    def _reader(self) -> DetailsReader:
        if self._opened is None:
            content = load_json(self.path)
            if not isinstance(content, dict) or not any(isinstance(content.get(name), list) for name in LISTS):
                raise BadInput(f"{self.path} holds none of the lists {', '.join(LISTS)}.", HINT)
            number, partition = _owner(content, self.path)
            self._opened = DetailsReader(content, number, partition, self.secret_key)
        return self._opened


def _owner(content: Mapping[str, Json], path: Path) -> tuple[str, str]:
    """Return account and partition: those of most ARNs, since files are shared with a number changed here and there.

    ARNs of AWS's own policies name `aws` in place of an account.
    """
    owners: Counter[tuple[str, str]] = Counter()
    for name in LISTS:
        items = content.get(name)
        for item in items if isinstance(items, list) else ():
            parts = str(item.get("Arn") if isinstance(item, dict) else "").split(":")
            if len(parts) > 5 and parts[4].isdigit():
                owners[parts[4], parts[1]] += 1
    if not owners:
        raise BadInput(f"{path} names no account in the ARNs of its users, groups, roles and policies.", HINT)
    (most, count), *others = owners.most_common()
    if others and others[0][1] == count:
        named = ", ".join(sorted(number for number, _ in owners))
        raise BadInput(f"{path} speaks of several accounts: {named}.", "Put each account in a file of its own.")
    return most
