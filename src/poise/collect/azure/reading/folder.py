"""Reads a folder of Azure Resource Manager answers instead of the live API.

Layout: one folder a subscription, named by its id. In it, the answer of a GET lies at the path of the call below
the subscription, with ``.json`` behind; the subscription's own answer is ``subscription.json``::

    1111-.../subscription.json                                   the subscription itself
    1111-.../providers/Microsoft.Storage/storageAccounts.json    its storage accounts
    1111-.../resourceGroups/shop/providers/Microsoft.Storage/storageAccounts/shopdata/blobServices/default.json
    1111-.../providers/Microsoft.ResourceGraph/resources.json    rows of the one query that is made

Answers of Microsoft Graph lie in a folder named by the id of the tenant, version first::

    aaaa-.../v1.0/organization.json                              the tenant itself
    aaaa-.../v1.0/users.json                                     its users
    aaaa-.../beta/groups/7777-.../members.json                   members of a group

A list is ``{"value": [...]}``, as ``az rest --method get --url ...`` writes it, or the bare array. Case does not
matter in names, as in ARM. An error answer (``{"error": {"code": ..., "message": ...}}``) stands for a call that
failed. A list that still has a ``nextLink`` was cut: its items are taken, and the listing counts as partial.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from poise.collect.azure.reading.answers import as_object, items_of, next_link, problem_of, rows_of
from poise.collect.azure.reading.operation import Operation
from poise.collect.documents import load_json
from poise.model.asset import Json
from poise.model.errors import BadInput, NotRead
from poise.model.secret import ScannedText
from poise.secrets.scan import scan_text

T = TypeVar("T")
U = TypeVar("U")
SUBSCRIPTION_FILE = "subscription.json"
TENANT_FILE = "v1.0/organization.json"


@dataclass(frozen=True)
class FolderReader:
    """Reads one subscription from files; see :class:`AzureReader`."""

    root: Path
    """Folder of the subscription."""
    subscription: str
    secret_key: bytes = b""
    used: set[Path] = field(default_factory=set)
    """Files that were read, so that the others can be named."""

    def get(self, operation: Operation, parent: str = "") -> Json:
        """Return the answer in the file of this call."""
        return as_object(operation.call, self._load(operation, parent))

    def pages(self, operation: Operation, parent: str = "") -> Iterator[Json]:
        """Yield the items of the list in the file of this call."""
        answer = self._load(operation, parent)
        yield from answer if isinstance(answer, list) else items_of(operation.call, answer)
        if isinstance(answer, dict) and next_link(answer):
            reason = f"{operation.call}: the export holds only the first page"
            raise NotRead(operation.call, "cut_short", reason)

    def query(self, operation: Operation, text: str) -> Iterator[Json]:
        """Yield the rows in the file of the query."""
        answer = self._load(operation, "")
        return rows_of(operation.call, {"data": answer} if isinstance(answer, list) else answer)

    def each(self, convert: Callable[[T], U], items: Iterable[T]) -> Iterator[U]:
        """Apply ``convert`` to every item, one after the other."""
        return map(convert, items)

    def hide(self, text: str) -> ScannedText:
        """Scan a text for secrets and return what may be kept of it."""
        return scan_text(text, self.secret_key)

    def _load(self, operation: Operation, parent: str) -> Json:
        call = operation.call
        path = self._files.get(self._name(operation, parent))
        if path is None:
            raise NotRead(call, "not_in_export", f"{call} is not in this export")
        self.used.add(path)
        try:
            answer = load_json(path)
        except BadInput as problem:
            raise NotRead(call, "malformed", problem.what) from problem
        if isinstance(answer, dict) and "error" in answer:
            raise problem_of(call, None, answer)
        return answer

    def _name(self, operation: Operation, parent: str) -> str:
        home = f"/subscriptions/{self.subscription}"
        below = (parent + operation.path).lower().removeprefix(home).strip("/")
        return f"{below}.json" if below else SUBSCRIPTION_FILE

    @cached_property
    def _files(self) -> dict[str, Path]:
        found = (path for path in self.root.rglob("*") if path.is_file())
        return {path.relative_to(self.root).as_posix().lower(): path for path in found}


def subscriptions_in(root: Path) -> dict[str, Path]:
    """Return subscription id in lower case -> its folder, for the folders that hold subscriptions."""
    folders = (path for path in sorted(root.iterdir()) if path.is_dir()) if root.is_dir() else ()
    return {path.name.lower(): path for path in folders if (path / SUBSCRIPTION_FILE).is_file()}


def tenants_in(root: Path) -> dict[str, Path]:
    """Return tenant id in lower case -> its folder, for the folders that hold answers of Microsoft Graph."""
    folders = (path for path in sorted(root.iterdir()) if path.is_dir()) if root.is_dir() else ()
    return {path.name.lower(): path for path in folders if (path / TENANT_FILE).is_file()}
