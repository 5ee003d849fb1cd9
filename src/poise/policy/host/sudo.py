"""What sudoers grants: the last rule that fits decides, and of options the last that binds someone (sudoers(5))."""

from __future__ import annotations

from collections.abc import Iterator

from poise.model.host.accounts import SudoDefault, Sudoers, SudoRule

ROOT = frozenset({"root", "#0"})


def without_password(sudo: Sudoers) -> Iterator[SudoRule]:
    """Yield the rules by which someone who is not root becomes root for anything, with no password asked."""
    for at, rule in enumerate(sudo.rules):
        if not _is_free(rule) or ROOT.issuperset(rule.users):
            continue
        if not any(_overrides(later, rule) for later in sudo.rules[at + 1 :]):
            yield rule


def options(sudo: Sudoers, name: str) -> dict[str, SudoDefault]:
    """Return scope -> the last statement of an option for it; the empty scope is everyone."""
    return {each.scope: each for each in sudo.defaults if each.name == name}


def _is_free(rule: SudoRule) -> bool:
    return "NOPASSWD" in rule.tags and "ALL" in rule.commands and bool(({"ALL"} | ROOT) & set(rule.run_as))


def _overrides(later: SudoRule, rule: SudoRule) -> bool:
    """Tell whether a later rule fits whatever another one fits, and asks for a password."""
    pairs = ((later.users, rule.users), (later.hosts, rule.hosts), (later.run_as, rule.run_as))
    is_whole = "ALL" in later.commands and not any(word.startswith("!") for word in later.commands)
    return is_whole and "NOPASSWD" not in later.tags and all(_holds(outer, inner) for outer, inner in pairs)


def _holds(outer: tuple[str, ...], inner: tuple[str, ...]) -> bool:
    if any(word.startswith("!") for word in outer):
        return False
    return "ALL" in outer or set(inner) <= set(outer)
