"""Which rule takes a finding, who owns it then, and by when it is due.

Days are days of UTC. A finding first seen on 1 March that is due in 14 days is due on 15 March, and on time until the
last second of that day; so no clock change of any zone moves it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta

import msgspec

from poise.model.governance import Condition, CountedFrom, Facts, Place, Rule, is_address

MOST_DAYS = 3650
HIGHEST_PRIORITY, LOWEST_PRIORITY = 0, 1000
SECOND = timedelta(seconds=1)


class Winner(msgspec.Struct, frozen=True):
    """The rule that takes a finding, and those that would have."""

    rule: Rule
    others: tuple[str, ...]


def winner(rules: Iterable[Rule], facts: Facts) -> Winner | None:
    """Return the rule that takes a finding; None if there is none."""
    found = sorted((rule for rule in rules if takes(rule, facts)), key=lambda rule: rule.precedence)
    return Winner(found[0], tuple(rule.name for rule in found[1:])) if found else None


def takes(rule: Rule, facts: Facts) -> bool:
    """Whether a rule is about a finding, other rules aside."""
    if not rule.is_enabled or not lies_in(rule.scope, facts):
        return False
    if not rule.excluded.is_everywhere and _is_excluded(rule.excluded, facts):
        return False
    return not rule.conditions or any(holds(condition, facts) for condition in rule.conditions)


def lies_in(place: Place, facts: Facts) -> bool:
    """Whether a finding lies in a place: every field that is given must hold."""
    return all(holds for is_given, holds in _of_place(place, facts) if is_given)


def _is_excluded(place: Place, facts: Facts) -> bool:
    """Whether any of the fields that are given holds: an exclusion lists what is left out."""
    return any(is_given and holds for is_given, holds in _of_place(place, facts))


def _of_place(place: Place, facts: Facts) -> Iterator[tuple[bool, bool]]:
    above = {facts.account, *facts.nodes}
    yield bool(place.nodes), bool(above & set(place.nodes))
    yield bool(place.accounts), facts.account in place.accounts
    yield bool(place.tags), _bears(facts.tags, place.tags)
    yield bool(place.groups), bool(set(facts.groups) & set(place.groups))
    yield bool(place.assets), _is_asset(facts, place.assets)


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether a set of conditions holds for a finding."""
    answers = (
        (condition.severities, facts.severity in condition.severities),
        (condition.risks, facts.risk in condition.risks),
        (condition.checks, _is_check(facts.check, condition.checks)),
        (condition.categories, facts.category in condition.categories),
        (condition.providers, facts.provider in condition.providers),
        (condition.kinds, facts.kind in condition.kinds),
        (condition.tags, _bears(facts.tags, condition.tags)),
    )
    return all(answer for given, answer in answers if given)


def owner_of(rule: Rule, facts: Facts) -> str:
    """Return the address of the owner; empty if there is none. A tag that holds no address is passed over."""
    source = rule.owner
    if source.address:
        return source.address
    if source.tag:
        for tags in (facts.tags, *facts.group_tags, facts.account_tags):
            found = _value(tags, source.tag).strip()
            if is_address(found):
                return found
    return source.default


def misread_owner(rule: Rule, facts: Facts) -> str:
    """Return what the asset's own tag holds in place of an address; empty if all is well."""
    found = _value(facts.tags, rule.owner.tag).strip() if rule.owner.tag else ""
    return "" if not found or is_address(found) else found


def due_of(rule: Rule, opened_at: datetime, now: datetime) -> datetime:
    """Return the last second of the day on which a finding is due that began at a moment."""
    begin = opened_at if rule.counted_from is CountedFrom.FIRST_SEEN else now
    return end_of_day(begin, rule.days)


def end_of_day(moment: datetime, days: int = 0) -> datetime:
    """Return the last second, UTC, of the day so many days after a moment."""
    day = moment.astimezone(UTC).date() + timedelta(days=days)
    return datetime.combine(day, time.max, UTC).replace(microsecond=0)


def fault(rule: Rule) -> tuple[str, str] | None:
    """Return the key that is wrong in a rule, and what is wrong with it; None if nothing is."""
    addresses = (("owner.address", (rule.owner.address,)), ("owner.default", (rule.owner.default,)))
    for key, values in (*addresses, ("managers", rule.managers)):
        for value in values:
            if value and not is_address(value):
                return key, f"{value!r} is no mail address"
    checked = (
        (1 <= rule.days <= MOST_DAYS, "days", f"{rule.days} days; it takes 1 to {MOST_DAYS}"),
        (
            HIGHEST_PRIORITY <= rule.priority <= LOWEST_PRIORITY,
            "priority",
            f"{rule.priority}; it takes {HIGHEST_PRIORITY} to {LOWEST_PRIORITY}",
        ),
        (not (rule.owner.tag and rule.owner.address), "owner", "an owner is by tag or by address, not both"),
        (not _excludes_itself(rule), "excluded", "it excludes all that its scope names"),
    )
    return next(((key, text) for is_well, key, text in checked if not is_well), None)


def _excludes_itself(rule: Rule) -> bool:
    fields = ("nodes", "accounts", "groups", "assets")
    named = {name: set(getattr(rule.scope, name)) for name in fields}
    return any(names and names <= set(getattr(rule.excluded, name)) for name, names in named.items())


def tie(rule: Rule, others: Iterable[Rule], accounts: Mapping[str, Collection[str]]) -> Rule | None:
    """Return a rule of the same rank and priority that could take the same findings; None if there is none.

    ``accounts`` are the known accounts with the nodes above each.
    """
    for other in sorted(others, key=lambda one: one.name):
        same = rule.precedence[:2] == other.precedence[:2] and rule.name != other.name
        if same and rule.is_enabled and other.is_enabled and _may_meet(rule.scope, other.scope, accounts):
            return other
    return None


def _may_meet(one: Place, other: Place, accounts: Mapping[str, Collection[str]]) -> bool:
    """Whether two places may share an asset, as far as accounts tell."""
    if one.assets and other.assets and not set(one.assets) & set(other.assets):
        return False
    if any(one.tags[key] != other.tags[key] for key in one.tags.keys() & other.tags.keys()):
        return False
    both = [_accounts(place, accounts) for place in (one, other)]
    if both[0] is None or both[1] is None:
        return True
    return bool(both[0] & both[1])


def _accounts(place: Place, accounts: Mapping[str, Collection[str]]) -> set[str] | None:
    """Return the accounts that a place names, and its nodes; None for all."""
    if not (place.accounts or place.nodes):
        return None
    below = {id for id, nodes in accounts.items() if set(place.nodes) & {id, *nodes}}
    if not place.accounts:
        return below | set(place.nodes)
    return set(place.accounts) & below if place.nodes else set(place.accounts)


def _bears(tags: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return all(tags.get(key) == value for key, value in wanted.items())


def _is_asset(facts: Facts, ids: Collection[str]) -> bool:
    if facts.provider == "azure":
        return facts.asset.casefold() in {id.casefold() for id in ids}
    return facts.asset in ids


def _is_check(id: str, words: Iterable[str]) -> bool:
    return any(id == word or id.startswith(f"{word}.") for word in words)


def _value(tags: Mapping[str, str], key: str) -> str:
    """Return the value of a tag; the exact key goes before one in another case, as Azure compares them."""
    if key in tags:
        return tags[key]
    return next((tags[name] for name in sorted(tags) if name.casefold() == key.casefold()), "")
