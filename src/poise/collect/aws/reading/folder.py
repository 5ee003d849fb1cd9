"""Reads a folder of AWS CLI answers instead of the live API.

Layout: ``REGION/SERVICE-OPERATION.json`` for a call without arguments, ``REGION/SERVICE-OPERATION/VALUE`` (each
argument URL-quoted, one folder a further argument, ``.json`` optional) for one with. Names are the CLI's:
``iam-get-user``. Global services are in the first region folder that has them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from botocore import xform_name

from poise.collect.documents import load_json
from poise.model.asset import Json
from poise.model.errors import BadInput, NotRead
from poise.model.secret import ScannedText
from poise.secrets.scan import scan_text, scan_variables

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class FolderReader:
    """Reads one region of one account from files; see :class:`AwsReader`."""

    root: Path
    account: str
    partition: str
    region: str
    secret_key: bytes = b""
    used: set[Path] = field(default_factory=set)
    """Files that were read, so that the others can be named."""

    def get(self, service: str, operation: str, /, **params: Json) -> Json:
        """Return the answer in the file of this call."""
        call = f"{service}:{operation}"
        path = self._path(service, operation, params)
        if path is None:
            raise NotRead(call, "not_in_export", f"{call} is not in this export")
        self.used.add(path)
        try:
            answer = load_json(path)
        except BadInput as problem:
            raise NotRead(call, "malformed", problem.what) from problem
        if not isinstance(answer, dict):
            raise NotRead(call, "malformed", f"{path}: expected an object, found {type(answer).__name__}")
        if "Error" in answer and set(answer) == {"Error"}:
            code = str(answer["Error"].get("Code"))
            raise NotRead(call, code, f"{code} on {call}: {answer['Error'].get('Message', '')}")
        return answer

    def pages(self, service: str, operation: str, items: str, /, **params: Json) -> Iterator[Json]:
        """Yield the items of the answer; the CLI joins all pages into one."""
        value = self.get(service, operation, **params)
        for key in items.split("."):
            value = value.get(key) or () if isinstance(value, dict) else ()
        if not isinstance(value, list | tuple):
            call = f"{service}:{operation}"
            raise NotRead(call, "malformed", f"{call}: {items} is not a list")
        yield from value

    def in_region(self, region: str) -> FolderReader:
        """Return a reader of another region of the same account."""
        return replace(self, region=region)

    def each(self, convert: Callable[[T], U], items: Iterable[T]) -> Iterator[U]:
        """Apply ``convert`` to every item, one after the other."""
        return map(convert, items)

    def hide(self, text: str) -> ScannedText:
        """Scan a text for secrets and return what may be kept of it."""
        return scan_text(text, self.secret_key)

    def hide_variables(self, variables: Mapping[str, str]) -> ScannedText:
        """Scan environment variables for secrets and return what may be kept of them."""
        return scan_variables(variables, self.secret_key)

    def regions(self) -> list[str]:
        """Return the names of the region folders."""
        return sorted(p.name for p in self.root.iterdir() if p.is_dir())

    def _path(self, service: str, operation: str, params: dict[str, Json]) -> Path | None:
        name = f"{service}-{xform_name(operation, '-')}"
        values = [quote(str(v), safe="") for v in params.values() if isinstance(v, str)]
        for region in (
            self.region,
            *(r for r in self.regions() if r != self.region and self.is_global(service)),
        ):
            base = self.root / region
            for path in _candidates(base, name, values):
                # os.path, as Path.is_file raises for a name that is longer than file names may be.
                if os.path.isfile(path):  # noqa: PTH113
                    return path
        return None

    @staticmethod
    def is_global(service: str) -> bool:
        """Whether a service answers the same in every region, so that any region's file will do."""
        return service in GLOBAL_SERVICES


GLOBAL_SERVICES = frozenset({"sts", "iam", "s3", "s3control", "organizations", "account", "cloudfront", "route53"})


def _candidates(base: Path, name: str, values: list[str]) -> Iterator[Path]:
    if not values:
        yield base / f"{name}.json"
        return
    inner = base.joinpath(name, *values)
    yield inner
    yield inner.with_name(f"{inner.name}.json")
