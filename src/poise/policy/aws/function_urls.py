"""How far the HTTPS address of a Lambda function is open.

Source: AWS Lambda Developer Guide, "Control access to Lambda function URLs". With the authentication type `NONE` Lambda
asks for no signature, but the function's resource policy must still let everyone call `lambda:InvokeFunctionUrl`.
Addresses made since October 2025 need `lambda:InvokeFunction` as well; as nothing tells when one was made, the
first alone counts as open.
"""

from __future__ import annotations

from typing import Any

from poise.policy import globs
from poise.policy.answer import Audience, Exposure, Grant, Level, Reason
from poise.policy.aws.document import Policy, parse
from poise.policy.aws.resources import resource_policy_exposure

CALL = "lambda:invokefunctionurl"
AUTH_TYPE = "lambda:functionurlauthtype"
VIA_URL = "lambda:invokedviafunctionurl"


def function_url_exposure(auth_type: str, document: Any, account: str) -> Exposure:
    """Judge how far an address is open, by its authentication type and the resource policy behind it."""
    if auth_type != "NONE":
        return Exposure(Level.PRIVATE, (Reason("callers must sign their requests"),))
    found = resource_policy_exposure(document, account)
    if found.level is not Level.PUBLIC:
        return found
    policy = parse(document)
    grants = tuple(grant for grant in found.of(Audience.ANYONE) if _opens_address(grant, policy))
    if grants:
        return Exposure(Level.PUBLIC, tuple(grant.because for grant in grants), grants)
    return Exposure(Level.PRIVATE, (Reason("the policy lets nobody call the function by its address unsigned"),))


def is_for_address_alone(grant: Grant) -> bool:
    """Say whether a grant of a function's policy works for calls by its address only."""
    return _lower(grant.actions) == (CALL,) or AUTH_TYPE in grant.confined_by or VIA_URL in grant.confined_by


def opens_signed_address(grant: Grant, document: Any) -> bool:
    """Say whether a grant lets its audience call an address that asks for signatures: any account can sign."""
    return _opens_address(grant, parse(document), "AWS_IAM")


def _opens_address(grant: Grant, policy: Policy, auth_type: str = "NONE") -> bool:
    return _holds_call(_lower(grant.actions)) and _is_met(grant, policy, auth_type)


def _holds_call(actions: tuple[str, ...]) -> bool:
    """Say whether action patterns hold the call; those with a leading `!` are left out of all."""
    left_out = [action[1:] for action in actions if action.startswith("!")]
    if left_out and not any(globs.matches(action, CALL) for action in left_out):
        return True
    return any(globs.matches(action, CALL) for action in actions)


def _is_met(grant: Grant, policy: Policy, auth_type: str) -> bool:
    """Say whether the statement does not ask for another authentication type."""
    if grant.because.statement is None:
        return True
    asked = [c for c in policy.statements[grant.because.statement].conditions if c.key == AUTH_TYPE]
    return all((auth_type in condition.values) is not condition.operator.is_negated for condition in asked)


def _lower(actions: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(action.lower() for action in actions)
