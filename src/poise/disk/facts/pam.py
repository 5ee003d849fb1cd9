"""PAM stacks with their includes, and the files of rules for passwords. Source: pam.conf(5), pwquality.conf(5)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from poise.disk.facts.keywords import assignments, spaced, switches
from poise.disk.facts.reading import Line, Reading
from poise.model.host.accounts import LoginRules, PamRule

FOLDERS = ("/etc/pam.d", "/usr/lib/pam.d", "/usr/share/pam.d")
RULE = re.compile(
    r"-?(?P<type>auth|account|password|session)\s+(?P<control>\[[^\]]*\]|\S+)\s+(?P<module>\S+)(?:\s+(?P<rest>.*))?"
)
DEEPEST = 16


def read_pam(reading: Reading) -> tuple[PamRule, ...]:
    """Return the rules of every stack, in order. Raises :class:`Unreadable`."""
    names = sorted({path.rpartition("/")[2] for folder in FOLDERS for path in reading.files(folder)})
    rules = [rule for name in names for rule in _stack(reading, name, (name, None), DEEPEST)]
    if len(rules) > reading.limits.entries:
        reading.miss("/etc/pam.d", f"more than {reading.limits.entries} rules: the rest is not listed")
    return tuple(rules[: reading.limits.entries])


def read_login_rules(reading: Reading) -> LoginRules:
    """Return the rules of login.defs and of the modules' own files. Raises :class:`Unreadable`."""
    quality = reading.lines("/etc/security/pwquality.conf")
    added = [line for path in reading.files("/etc/security/pwquality.conf.d", "*.conf") for line in reading.lines(path)]
    terminals = reading.lines("/etc/securetty") if reading.is_file("/etc/securetty") else None
    return LoginRules(
        login_defs=spaced(reading.lines("/etc/login.defs")),
        password_quality=switches([*quality, *added]),
        lockout=switches(reading.lines("/etc/security/faillock.conf")),
        new_users=assignments(reading.lines("/etc/default/useradd")),
        securetty=None if terminals is None else tuple(line.text for line in terminals),
    )


def _stack(reading: Reading, name: str, into: tuple[str, str | None], deepest: int) -> Iterator[PamRule]:
    """Yield the rules of a file for a service; ``into`` names the service and the one type that is wanted."""
    service, wanted = into
    path = next((p for folder in FOLDERS if reading.is_file(p := f"{folder}/{name}")), "")
    for line in _joined(reading.all_lines(path) if path else []):
        include = re.fullmatch(r"@include\s+(\S+)", line.text)
        match = RULE.fullmatch(line.text)
        inner = (
            include[1] if include else match["module"] if match and match["control"] in ("include", "substack") else ""
        )
        if inner and deepest:
            kind = wanted if include or match is None else match["type"]
            yield from _stack(reading, inner, (service, kind), deepest - 1)
        elif inner:
            reading.miss(line.place, f"more than {DEEPEST} includes inside each other: not followed")
        elif match and wanted in (None, match["type"]):
            yield _rule(match, service, line)


def _rule(match: re.Match[str], service: str, line: Line) -> PamRule:
    arguments = re.findall(r"\[[^\]]*\]|\S+", match["rest"] or "")
    return PamRule(
        service=service,
        type=match["type"],
        control=match["control"],
        module=match["module"].rpartition("/")[2],
        arguments=tuple(arguments),
        place=line.place,
    )


def _joined(lines: list[Line]) -> Iterator[Line]:
    """Yield lines that are neither empty nor comments, continued ones joined."""
    held = ""
    for line in lines:
        text = re.sub(r"(?:^|\s)#.*", "", line.text).strip()
        if text.endswith("\\"):
            held += text[:-1] + " "
        elif held + text:
            yield Line(line.path, line.number, (held + text).strip())
            held = ""
