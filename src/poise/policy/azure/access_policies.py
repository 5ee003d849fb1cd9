"""Conditional access policies: whom one is about, in which circumstances, and what it then asks for.

Source: Microsoft Graph reference, `conditionalAccessPolicy` and its parts; Microsoft Learn, "Conditional Access: Users,
groups, and workload identities" (what is excluded wins; nested groups count; roles on the whole tenant count, those on
a unit or an object do not), "Conditional Access: Conditions", "Conditional Access: Grant". What is not understood stays
open, so that it is never taken for a no.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from poise.policy.residual import Truth, all_of, any_of, condition

EVERYBODY, GUESTS, NOBODY = "all", "guestsorexternalusers", "none"
OWN_PROGRAMS = "serviceprincipalsinmytenant"
BLOCK = "block"
LEGACY = frozenset({"exchangeactivesync", "easunsupported", "easupported", "other"})
"""Kinds of clients that sign in without tokens: Azure and Graph take none of them."""
ASKED = {
    "mfa": "a second factor",
    "compliantdevice": "a compliant device",
    "domainjoineddevice": "a device joined to the domain",
    "approvedapplication": "an approved client",
    "compliantapplication": "a client with an app protection policy",
    "passwordchange": "a new password",
}
"""Control -> what a sign-in must have."""
ANYWHERE = {
    "locations": ("includeLocations", "excludeLocations"),
    "platforms": ("includePlatforms", "excludePlatforms"),
}
"""Conditions that may name everything, in which case they narrow nothing."""
SPOKEN_OF = frozenset({"applications", "users", "clientapplications", "clientapptypes", "@odata.type"})
"""Conditions that are judged elsewhere."""


class Crowd(msgspec.Struct, frozen=True, kw_only=True):
    """Principals that a policy names. Ids are in lower case."""

    names: frozenset[str] = frozenset()
    """Object ids, or words: :data:`EVERYBODY`, :data:`GUESTS`, :data:`OWN_PROGRAMS`."""
    groups: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    """Template ids of directory roles."""
    outsiders: bool = False
    """Whether some kinds of guests and external users are named."""


class AccessPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """An enabled policy."""

    id: str
    name: str
    included: Crowd
    excluded: Crowd
    programs: frozenset[str]
    """Object ids of service principals, or :data:`OWN_PROGRAMS`; a policy is about these or about users."""
    spared_programs: frozenset[str]
    targets: frozenset[str]
    """Application ids in lower case, or `all`."""
    spared_targets: frozenset[str]
    circumstances: Truth
    """Whether a sign-in is one that the policy is about, apart from who and to what."""
    fulfilled: Truth
    """Whether a sign-in has what the policy asks for; False: it blocks."""

    @classmethod
    def of(cls, identity: str, name: str, document: Mapping[str, Any]) -> AccessPolicy:
        """Read a policy as Graph returns it."""
        conditions = _map(document.get("conditions"))
        users, programs = _map(conditions.get("users")), _map(conditions.get("clientApplications"))
        targets = _map(conditions.get("applications"))
        return cls(
            id=identity,
            name=name,
            included=_crowd(users, "include"),
            excluded=_crowd(users, "exclude"),
            programs=_words(programs.get("includeServicePrincipals")),
            spared_programs=_words(programs.get("excludeServicePrincipals")),
            targets=_words(targets.get("includeApplications")),
            spared_targets=_words(targets.get("excludeApplications")),
            circumstances=all_of(_circumstances(name, conditions)),
            fulfilled=_fulfilled(document.get("grantControls")),
        )

    def is_about(self, application: str) -> Truth:
        """Say whether it is about sign-ins to an application, by its id in lower case; `all`: one that is not known."""
        if not self.targets & {EVERYBODY, application} or application in self.spared_targets:
            return False
        if application == EVERYBODY and self.spared_targets:
            text = f"the service is not one that conditional access policy {self.name} leaves out"
            return condition(text, ("sign-in", "applications", self.name))
        return True


def _crowd(users: Mapping[str, Any], word: str) -> Crowd:
    return Crowd(
        names=_words(users.get(f"{word}Users")) - {NOBODY},
        groups=_words(users.get(f"{word}Groups")),
        roles=_words(users.get(f"{word}Roles")),
        outsiders=bool(_map(users.get(f"{word}GuestsOrExternalUsers"))),
    )


def _circumstances(name: str, conditions: Mapping[str, Any]) -> Iterator[Truth]:
    clients = _words(conditions.get("clientAppTypes"))
    if clients and EVERYBODY not in clients:
        modern = clients - LEGACY
        yield _open(name, "clientAppTypes", modern) if modern else False
    for field, value in conditions.items():
        if field.lower() not in SPOKEN_OF and value and not _is_anywhere(field, value):
            yield _open(name, field, _told(value))
    for field, place in (("applications", "applicationFilter"), ("clientApplications", "servicePrincipalFilter")):
        if _map(conditions.get(field)).get(place):
            yield _open(name, place, ())


def _is_anywhere(field: str, value: Any) -> bool:
    if field not in ANYWHERE or not isinstance(value, Mapping):
        return False
    included, excluded = (_words(value.get(part)) for part in ANYWHERE[field])
    return EVERYBODY in included and not excluded


def _open(name: str, field: str, values: Iterable[str]) -> Truth:
    told = ", ".join(sorted(values))
    text = f"the sign-in meets {field}{f' ({told})' if told else ''} of conditional access policy {name}"
    return condition(text, ("sign-in", field, name))


def _told(value: Any) -> frozenset[str]:
    """Return the plain words of a condition that people know it by: risk levels and the like."""
    return frozenset(_texts(value))


def _fulfilled(controls: Any) -> Truth:
    """Return whether a sign-in has what is asked for: all of the controls, or any of them."""
    asked = list(_controls(_map(controls)))
    if not asked:
        return True
    combine = any_of if str(_map(controls).get("operator") or "").upper() == "OR" else all_of
    return combine(asked)


def _controls(controls: Mapping[str, Any]) -> Iterator[Truth]:
    for one in sorted(_words(controls.get("builtInControls"))):
        yield False if one == BLOCK else _has(ASKED.get(one, one))
    strength = _map(controls.get("authenticationStrength"))
    if strength:
        yield _has(f"authentication strength {strength.get('displayName') or strength.get('id')}")
    for one in _texts(controls.get("customAuthenticationFactors")):
        yield _has(f"the factor {one}")
    if _texts(controls.get("termsOfUse")):
        yield _has("accepted terms of use")


def _has(what: str) -> Truth:
    return condition(f"it signs in with {what}", ("sign-in", what))


def _words(value: Any) -> frozenset[str]:
    return frozenset(text.lower() for text in _texts(value))


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, (list, tuple)) else []


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
