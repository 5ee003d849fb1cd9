"""Takes passwords out of texts that a record keeps."""

from __future__ import annotations

import re

USER_INFO = re.compile(r"(\w[\w+.-]*://[^\s:@/]*):[^\s@/]+@")
ASSIGNED = re.compile(
    r"((?:^|[\s,;&?\"'-])[\w.-]*(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|credential)[\w.-]*"
    r"(?:\s*[=:]\s*|\s+))(?:\"[^\"]*\"|'[^']*'|[^\s,;&'\"]+)",
    re.IGNORECASE,
)
SHORT_OPTION = re.compile(
    r"(\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump|sshpass)\b.*?\s-p)(?=\S)(?:'[^']*'|\"[^\"]*\"|\S+)"
)
CURL_USER = re.compile(r"(\s(?:-u|--user)[\s=]+[^\s:]+):\S+")
MOST_SHOWN = 200


def without_passwords(text: str) -> str:
    """Return a text with what looks like a password replaced by `***`."""
    text = USER_INFO.sub(r"\1:***@", text)
    text = SHORT_OPTION.sub(r"\1***", text)
    text = CURL_USER.sub(r"\1:***", text)
    return ASSIGNED.sub(r"\1***", text)


def shown(text: str) -> str:
    """Return a command as a record keeps it: passwords replaced, shortened."""
    return without_passwords(text)[:MOST_SHOWN]
