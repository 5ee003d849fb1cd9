"""Who may do what with the keys, secrets and certificates of a vault: two models, one at a time.

Source: Microsoft Learn, "Azure role-based access control (Azure RBAC) vs. access policies (legacy)" and "Provide
access to Key Vault keys, certificates, and secrets with Azure RBAC". Where role assignments decide, access policies
are without effect, and the reverse; data actions of roles do nothing in a vault with access policies. The network
rules of the vault are another gate.
"""

from __future__ import annotations

from collections.abc import Iterable

from poise.model.azure.keyvault import AccessPolicy
from poise.policy.answer import Answer, Decision, Reason
from poise.policy.azure.permissions import Inputs, Request, blocks, evaluate
from poise.policy.memberships import Circle
from poise.policy.outcome import answer_from
from poise.policy.residual import Truth, all_of, any_of, negate

WRITE = "Microsoft.KeyVault/vaults/write"
WRITE_POLICIES = "Microsoft.KeyVault/vaults/accessPolicies/write"
VAULT = "microsoft.keyvault/vaults/"
ALL = "all"
RIGHTS: dict[str, tuple[str, str]] = {
    "secrets/getsecret/action": ("secrets", "get"),
    "secrets/readmetadata/action": ("secrets", "list"),
    "secrets/setsecret/action": ("secrets", "set"),
    "secrets/update/action": ("secrets", "set"),
    "secrets/delete": ("secrets", "delete"),
    "secrets/backup/action": ("secrets", "backup"),
    "secrets/restore/action": ("secrets", "restore"),
    "secrets/recover/action": ("secrets", "recover"),
    "secrets/purge/action": ("secrets", "purge"),
    "keys/read": ("keys", "get"),
    "keys/create/action": ("keys", "create"),
    "keys/import/action": ("keys", "import"),
    "keys/update/action": ("keys", "update"),
    "keys/delete": ("keys", "delete"),
    "keys/backup/action": ("keys", "backup"),
    "keys/restore/action": ("keys", "restore"),
    "keys/recover/action": ("keys", "recover"),
    "keys/purge/action": ("keys", "purge"),
    "keys/encrypt/action": ("keys", "encrypt"),
    "keys/decrypt/action": ("keys", "decrypt"),
    "keys/wrap/action": ("keys", "wrapkey"),
    "keys/unwrap/action": ("keys", "unwrapkey"),
    "keys/sign/action": ("keys", "sign"),
    "keys/verify/action": ("keys", "verify"),
    "keys/release/action": ("keys", "release"),
    "keys/rotate/action": ("keys", "rotate"),
    "keyrotationpolicies/read": ("keys", "getrotationpolicy"),
    "keyrotationpolicies/write": ("keys", "setrotationpolicy"),
    "certificatecontacts/write": ("certificates", "managecontacts"),
    "certificatecas/read": ("certificates", "getissuers"),
    "certificatecas/write": ("certificates", "setissuers"),
    "certificatecas/delete": ("certificates", "deleteissuers"),
    "certificates/read": ("certificates", "get"),
    "certificates/create/action": ("certificates", "create"),
    "certificates/import/action": ("certificates", "import"),
    "certificates/update/action": ("certificates", "update"),
    "certificates/delete": ("certificates", "delete"),
    "certificates/backup/action": ("certificates", "backup"),
    "certificates/restore/action": ("certificates", "restore"),
    "certificates/recover/action": ("certificates", "recover"),
    "certificates/purge/action": ("certificates", "purge"),
}
"""Data action of roles, after the name of the vault type -> kind and right of an access policy."""


def can_in_vault(request: Request, inputs: Inputs, *, uses_roles: bool, policies: Iterable[AccessPolicy]) -> Answer:
    """Answer whether a data action is allowed in a vault.

    ``uses_roles`` is the vault's `enableRbacAuthorization`, which counts as no where it was never set.
    """
    if uses_roles:
        return evaluate(request, inputs)
    right = RIGHTS.get(request.action.lower().removeprefix(VAULT))
    if right is None:
        return Answer(Decision.DENY, (Reason(f"access policies have no right for {request.action}"),))
    circle = Circle(request.principal.lower(), inputs.groups, inputs.eligible_groups)
    votes = [
        (truth, Reason(f"access policy for {one.object_id} holds {right[1]} on {right[0]}", index))
        for index, one in enumerate(policies)
        if (truth := _gives(one, right, circle)) is not False
    ]
    allowed = any_of(truth for truth, _ in votes)
    if allowed is False:
        return Answer(Decision.DENY, (Reason(f"no access policy gives {right[1]} on {right[0]}"),))
    kept_back = blocks(request, inputs, circle)
    return answer_from(all_of((allowed, *(negate(vote) for vote, _ in kept_back))), votes, kept_back)


def can_take_over(request: Request, inputs: Inputs, *, uses_roles: bool) -> Answer:
    """Answer whether the principal may give itself rights in the vault without a right to assign roles.

    A vault with access policies: whoever writes policies, or the vault. A vault with roles: whoever writes the vault
    can switch it to access policies, which itself takes the right to assign roles, so the answer is that right's.
    """
    wanted = ("Microsoft.Authorization/roleAssignments/write",) if uses_roles else (WRITE_POLICIES, WRITE)
    answers = [
        evaluate(
            Request(principal=request.principal, action=action, scope=request.scope, is_data=False, at=request.at),
            inputs,
        )
        for action in wanted
    ]
    order = (Decision.ALLOW, Decision.CONDITIONAL, Decision.UNKNOWN, Decision.DENY)
    return min(answers, key=lambda answer: order.index(answer.decision))


def _gives(policy: AccessPolicy, right: tuple[str, str], circle: Circle) -> Truth:
    kind, wanted = right
    held = {"secrets": policy.secrets, "keys": policy.keys, "certificates": policy.certificates}[kind]
    names = {one.lower() for one in held}
    return circle.holds(policy.object_id.lower()) if names & {wanted, ALL} else False
