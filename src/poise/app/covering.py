"""Which checks an exemption is about, and applying all exemptions to what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from poise.app.standards import Standards
from poise.model.check import Category, Check
from poise.model.errors import UsageError
from poise.model.exemption import Covers, Exemption
from poise.store import Store

Meant = Mapping[str, frozenset[str] | None]
"""Name of an exemption -> ids of the checks that it is about; None for all."""


def apply_exemptions(store: Store, checks: Mapping[str, Check], standards: Standards | None = None) -> int:
    """Make every finding agree with the exemptions and grace periods that hold now; return how many changed."""
    rows = store.exemptions.present()
    meant = meant_by(store, (row.exemption for row in rows), (checks, standards or Standards()))
    return store.exemptions.apply(meant) + store.governance.settle()


def meant_by(store: Store, exemptions: Iterable[Exemption], known: tuple[Mapping[str, Check], Standards]) -> Meant:
    """Return the checks that each exemption is about.

    Where a standard is not known here, as one of a file that is not given now, the checks of the findings that the
    exemption covers stay: nothing comes back only because somebody looks without that file.
    """
    checks, standards = known
    return {
        one.name: _kept(store, one, checks)
        if any(fault_of(word, standards) for word in one.covers.standards)
        else checks_of(one.covers, checks, standards)
        for one in exemptions
    }


def checks_of(covers: Covers, checks: Mapping[str, Check], standards: Standards) -> frozenset[str] | None:
    """Return the ids of the checks that are meant; None for all of them.

    An id may be one that the check had before. One of a check that is gone stays, for the findings that it left.
    Raises :class:`UsageError` for a standard or control that there is not.
    """
    parts: list[frozenset[str]] = []
    if covers.checks:
        parts.append(frozenset(id for word in covers.checks for id in ids_of(word, checks) or {word}))
    if covers.categories:
        parts.append(frozenset(id for id, check in checks.items() if check.category in covers.categories))
    if covers.standards:
        parts.append(frozenset(id for word in covers.standards for id in checks_in(word, standards)))
    if covers.is_about_vulnerabilities:
        parts.append(frozenset(id for id, check in checks.items() if check.category is Category.VULNERABILITY))
    return frozenset.intersection(*parts) if parts else None


def ids_of(word: str, checks: Mapping[str, Check]) -> frozenset[str]:
    """Return the checks with an id, or below a beginning of ids such as ``aws.s3``; none if there is none."""
    return frozenset(id for id, check in checks.items() if word in (id, *check.formerly) or id.startswith(f"{word}."))


def checks_in(word: str, standards: Standards) -> frozenset[str]:
    """Return the checks that answer a standard, or one control of it: ``pci_dss_4.0.1:2.2.1``.

    Raises :class:`UsageError` for one that there is not.
    """
    id, colon, number = word.partition(":")
    controls = standards.get(id).controls
    found = [one for one in controls if one.number.casefold() == number.casefold()] if colon else controls
    if not found:
        raise UsageError(f"{id} has no control {number!r}.", f"`poise compliance {id}` shows those that there are.")
    return frozenset(check for control in found for check in control.checks)


def fault_of(word: str, standards: Standards) -> str | None:
    """Return what is wrong with the name of a standard or control; None if nothing is."""
    try:
        checks_in(word, standards)
    except UsageError as problem:
        return problem.what.rstrip(".")
    return None


def _kept(store: Store, exemption: Exemption, checks: Mapping[str, Check]) -> frozenset[str]:
    rest = Covers(checks=exemption.covers.checks, categories=exemption.covers.categories)
    others = checks_of(rest, checks, Standards())
    held = store.exemptions.checks_held(exemption.name)
    return held if others is None else held & others
