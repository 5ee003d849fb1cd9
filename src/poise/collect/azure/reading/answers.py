"""Understands what Azure Resource Manager answers, whatever the door: errors, pages, rows of a query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from poise.model.asset import Json
from poise.model.errors import CredentialsError, NotRead, PoiseError

NOT_REGISTERED = frozenset(
    {"MissingSubscriptionRegistration", "SubscriptionNotRegistered", "ResourceProviderNotRegistered"}
)
"""The subscription never used the service: there is none of its assets, and nothing is missing."""
NOT_OFFERED = frozenset({"NoRegisteredProviderFound", "InvalidResourceNamespace", "InvalidResourceType"})
"""This cloud or region does not have the service."""
UNLICENSED = "AadPremiumLicenseRequired"
"""The tenant has no licence for a feature, such as Privileged Identity Management: nobody can use it."""
CREDENTIALS_ADVICE = (
    "Sign in again (az login), or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, "
    "or run where a managed identity is."
)


def problem_of(call: str, status: int | None, body: Json) -> PoiseError:
    """Return what an error answer means; ``status`` is None where only the body was kept.

    Codes of Azure Resource Manager: Microsoft Learn, "Resolve errors for resource provider registration" and
    "Troubleshoot common Azure deployment errors".
    """
    code, message = _code_and_message(body, status)
    if status == 401:
        return CredentialsError(f"Azure refused the credentials at {call}: {code}: {message}.", CREDENTIALS_ADVICE)
    reason = f"{code} on {call}: {message}"
    if code in NOT_REGISTERED:
        return NotRead(call, "not_enabled", reason)
    if code in NOT_OFFERED:
        return NotRead(call, "not_offered", reason)
    if status == 429:
        return NotRead(call, "TooManyRequests", f"throttled: {reason}")
    if status == 403 and code not in NotRead.DENIED and code != UNLICENSED:
        return NotRead(call, "403", reason)
    return NotRead(call, code, reason)


def _code_and_message(body: Json, status: int | None) -> tuple[str, str]:
    error = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(error, Mapping):
        return str(status or "error"), "the error has no description"
    code = error.get("code")
    return str(code or status or "error"), str(error.get("message") or "no message")[:300]


def as_object(call: str, answer: Json) -> Json:
    """Return an answer that must be an object."""
    if not isinstance(answer, dict):
        raise NotRead(call, "malformed", f"{call}: expected an object, found {type(answer).__name__}")
    return answer


def items_of(call: str, answer: Json) -> list[Json]:
    """Return the items of a page."""
    value = as_object(call, answer).get("value")
    if not isinstance(value, list):
        raise NotRead(call, "malformed", f"{call}: the page has no list `value`")
    return value


def next_link(page: Json) -> Json:
    """Return the address of the next page, as Resource Manager or Graph name it; None on the last."""
    return page.get("nextLink") or page.get("@odata.nextLink")


def rows_of(call: str, answer: Json) -> Iterator[Json]:
    """Yield the rows of a Resource Graph answer, from its object or its older table form."""
    data = as_object(call, answer).get("data")
    if isinstance(data, list):
        yield from data
        return
    try:
        names = [column["name"] for column in data["columns"]]
        yield from [dict(zip(names, row, strict=True)) for row in data["rows"]]
    except (KeyError, TypeError, ValueError) as problem:
        raise NotRead(call, "malformed", f"{call}: `data` is neither rows nor a table: {problem}") from problem
