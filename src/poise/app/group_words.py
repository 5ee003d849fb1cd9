"""Groups of assets as people type them into a form, and back."""

from __future__ import annotations

from collections.abc import Mapping

from poise.app.governing_words import tags_of
from poise.model.errors import UsageError
from poise.model.group import Group, GroupKind, Wanted

SETS = {"accounts": "scopes", "providers": "providers", "regions": "regions", "kinds": "kinds"}
"""Field of the form, with values parted by commas or line breaks -> field of :class:`Wanted`."""
FIELDS = ("name", "stands_for", *SETS, "tags", "text", "query")


def group_of(texts: Mapping[str, str], by: str) -> Group:
    """Return the group of a form. Raises :class:`UsageError` for what cannot be understood."""
    kind = texts.get("stands_for") or GroupKind.APPLICATION.value
    if kind not in list(GroupKind):
        raise UsageError(f"The group stands for {kind!r}.", f"Choose from {', '.join(GroupKind)}.")
    sets = {field: frozenset(_listed(texts.get(name, ""))) for name, field in SETS.items()}
    wanted = Wanted(
        tags=tags_of(_listed(texts.get("tags", "")), "tags"),
        text=texts.get("text", "").strip(),
        query=texts.get("query", "").strip(),
        **sets,
    )
    return Group(name=texts.get("name", "").strip(), kind=GroupKind(kind), wanted=wanted, changed_by=by)


def texts_of(group: Group) -> dict[str, str]:
    """Return a group as the fields of a form; empty ones are left out."""
    wanted = group.wanted
    texts = {
        "name": group.name,
        "stands_for": group.kind.value,
        **{name: ", ".join(sorted(getattr(wanted, field))) for name, field in SETS.items()},
        "tags": "\n".join(f"{name}={value}" for name, value in sorted(wanted.tags.items())),
        "text": wanted.text,
        "query": wanted.query,
    }
    return {name: text for name, text in texts.items() if text}


def words_of(wanted: Wanted) -> list[tuple[str, str]]:
    """Return what a group holds: name of the field, and its values."""
    texts = texts_of(Group(name="", kind=GroupKind.APPLICATION, wanted=wanted))
    return [(name, texts[name].replace("\n", ", ")) for name in FIELDS if name in texts and name not in ("stands_for",)]


def _listed(text: str) -> list[str]:
    return [part.strip() for line in text.splitlines() for part in line.split(",") if part.strip()]
