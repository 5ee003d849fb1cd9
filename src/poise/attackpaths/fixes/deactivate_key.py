"""Switch off an access key that somebody found."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from poise.attackpaths.fix import Change, Fix, Ground
from poise.attackpaths.steps import Step
from poise.model.asset import replace
from poise.model.aws.iam import IamUser
from poise.model.check import Fix as Texts


def propose(ground: Ground, step: Step) -> Iterator[Change]:
    """Yield the user with its keys switched off."""
    user = ground.assets.get(step.target.node)
    if isinstance(user, IamUser) and "access_keys" not in user.unread and any(k.active for k in user.access_keys):
        keys = tuple(msgspec.structs.replace(key, active=False) for key in user.access_keys)
        yield Change(user, replace(user, access_keys=keys), f"the access keys of {user.name} are inactive")


FIX = Fix(
    title="Deactivate the access key",
    rules=frozenset({"secret_used"}),
    propose=propose,
    effort=1.0,
    texts=Texts(
        console="IAM > Users > {name} > Security credentials > Access keys > Deactivate.",
        cli="aws iam list-access-keys --user-name {name}\naws iam update-access-key --user-name {name} "
        "--access-key-id KEY --status Inactive",
        terraform='resource "aws_iam_access_key" "this" {\n  user   = "{name}"\n  status = "Inactive"\n}\n',
        impact="Programs that sign in with the key stop working.",
    ),
    residual="Sessions that were started with the key may last for hours; revoke them, and look at what it did.",
)
