"""Which predefined roles make an administrator, by their exact names.

Source: CIS Google Cloud Foundation Benchmark, recommendation on service accounts with admin privileges: the basic
roles `owner` and `editor`, and roles whose name says admin as its last word (`roles/iam.securityAdmin`,
`roles/storage.admin`). A name that merely contains such a word (`roles/accessapproval.configEditor`) is none.
"""

from __future__ import annotations

import re

BASIC = frozenset({"roles/owner", "roles/editor"})
LAST_WORD = re.compile(r"(?:[A-Z]?[a-z0-9]+|[A-Z]+)$")


def is_administrative(role: str) -> bool:
    """Say whether a basic or predefined role makes an administrator; a custom one is judged by its permissions."""
    if role in BASIC:
        return True
    if not role.startswith("roles/"):
        return False
    found = LAST_WORD.search(role.rpartition(".")[2].removeprefix("roles/"))
    return found is not None and found.group().lower() == "admin"
