"""Passwords given to commands that sign people and services in."""

import re

from poise.secrets.rule import Rule
from poise.secrets.values import is_password

QUOTED = rb"(?:\"([^\"\n]{4,128})\"|'([^'\n]{4,128})'|([^\s\"'|;&<>]{4,128}))"


def _login(name: str, title: str, keywords: tuple[bytes, ...], pattern: bytes) -> Rule:
    return Rule(
        name=name, title=title, keywords=keywords, pattern=re.compile(pattern, re.IGNORECASE), accept=is_password,
        before=260, after=400,
    )  # fmt: skip


RULES = (
    _login(
        "entra_user_password", "Microsoft Entra user credentials", (b"az login", b"onmicrosoft.com"),
        rb"az login[^\n]{0,160}?\s(?:-p|--password)[\s=]" + QUOTED
        + rb"|[\w.\-]{1,64}@[\w\-]{1,64}\.onmicrosoft\.com[\"']?[\s,;:]{1,8}"
        + rb"(?:[\w\-]{0,12}passw(?:or)?d[\"']?\s?[:=]\s?)" + QUOTED,
    ),
    _login(
        "user_login", "User login credentials", (b"passw",),
        rb"(?:echo|printf)\s{1,4}(?:-[en]{1,2}\s)?[\"']?[\w.\-]{1,32}:([^\s\"'|\\]{4,128})(?:\\n)?[\"']?\s{0,4}\|\s{0,4}(?:sudo\s)?[\w/]{0,16}chpasswd"
        rb"|chpasswd\s{0,4}<<<\s{0,4}[\"']?[\w.\-]{1,32}:([^\s\"'|]{4,128})"
        rb"|chpasswd[^\n]{0,16}<<-?\s?[\"']?\w{1,16}[\"']?\r?\n\s{0,8}[\w.\-]{1,32}:([^\s\"']{4,128})",
    ),
    _login(
        "user_login", "User login credentials", (b"net user",),
        rb"net user\s{1,4}[\"']?[\w.\-]{1,32}[\"']?\s{1,4}" + QUOTED + rb"\s{1,4}/add",
    ),
    _login(
        "user_login", "User login credentials", (b"securestring",),
        rb"ConvertTo-SecureString\s{1,4}(?:-String\s)?(?:\"([^\"\n$]{4,128})\"|'([^'\n]{4,128})')[^\n]{0,40}-AsPlainText"
        rb"|ConvertTo-SecureString\s{1,4}-AsPlainText\s{1,4}(?:-Force\s{1,4})?(?:\"([^\"\n$]{4,128})\"|'([^'\n]{4,128})')",
    ),
    _login("user_login", "User login credentials", (b"sshpass",), rb"sshpass\s{1,4}-p\s{0,4}" + QUOTED),
    _login(
        "user_login", "User login credentials", (b"curl ", b"wget "),
        rb"curl(?=\s)[^\n|;]{0,160}?\s(?:-u|--user)\s{0,2}[\"']?[\w.@\-]{1,64}:([^\s\"']{4,128})"
        rb"|wget\s[^\n|;]{0,160}?--(?:http-|ftp-)?password[=\s]" + QUOTED,
    ),
    _login(
        "user_login", "User login credentials", (b"mysql", b"mariadb"),
        rb"(?:mysql|mysqladmin|mysqldump|mariadb)(?=\s)[^\n|;]{0,120}?\s-p(?:\"([^\"\n]{4,128})\"|'([^'\n]{4,128})'|([^\s\"'|;&<>]{4,128}))",
    ),
)  # fmt: skip
