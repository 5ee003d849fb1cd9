"""How rows of the escalation catalogue of AWS are bound to assets: what each action is asked on, and what is won."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

import msgspec

from poise.graph.estate import Estate, read
from poise.graph.sides import Actor, account_node
from poise.model.aws.awslambda import LambdaFunction
from poise.model.aws.ec2 import EbsVolume, Ec2Instance
from poise.model.aws.iam import IamGroup, IamOidcProvider, IamPolicy, IamRole, IamSamlProvider, IamUser
from poise.model.aws.rds import RdsInstance
from poise.model.graph import Capability, Evidence
from poise.policy.answer import Answer, Decision, Reason
from poise.policy.aws.document import parse
from poise.policy.aws.escalation import PASS_ROLE, Escalation
from poise.policy.aws.evaluation import Inputs, Request, evaluate
from poise.policy.aws.grants import is_admin
from poise.policy.aws.passing import can_pass
from poise.policy.aws.principal import is_service_linked
from poise.policy.aws.sources import Source
from poise.policy.outcome import all_answers, answer_of, truth_of
from poise.policy.residual import any_of

CREDENTIALS, CODE, READ, ADMIN = Capability.CREDENTIALS, Capability.CODE, Capability.READ, Capability.ADMIN
NEVER = Answer(Decision.DENY, (Reason("a part of it is missing"),))
MOST_KEYS = 2
"""Access keys that a user may have (IAM User Guide, "IAM and AWS STS quotas")."""
MOST_VERSIONS = 5
"""Versions that a managed policy may have."""


class Way(msgspec.Struct, frozen=True):
    """One row on one asset."""

    target: str
    """What is won."""
    capability: Capability
    """What it is good for."""
    answer: Answer
    """Whether all actions are allowed."""
    evidence: tuple[Evidence, ...]
    """The statements behind it."""


Bound = Callable[[Estate, Actor, Escalation], Iterator[Way]]


class Asker:
    """Asks the actions of a row for one actor, each once for each asset."""

    def __init__(self, estate: Estate, actor: Actor) -> None:
        self.actor = actor
        side = actor.side
        self.inputs = Inputs(identity=side.identity, boundary=side.boundary, session=side.session, scps=side.scps)
        self._known: dict[Hashable, Answer] = {}
        self._shared: dict[Hashable, Answer] = estate.once("answers of classes", dict)

    def may(self, action: str, resource: str = "*") -> Answer:
        """Return whether the actor may do an action on an asset of its account; `*` asks whether on some."""
        key, known = self._place(action, resource)
        if key not in known:
            caller = self.actor.side.caller
            request = Request(
                caller=caller, action=action, resource=resource, owner=caller.account, context=self._context(action)
            )
            known[key] = evaluate(request, self.inputs)
        return known[key]

    def _place(self, action: str, resource: str) -> tuple[Hashable, dict[Hashable, Answer]]:
        """Return where an answer is kept: with those of the actor's class where no statement tells assets apart."""
        if self.actor.names_assets(action):
            return (action, resource), self._known
        return (self.actor.group, action, ":".join(resource.split(":", 5)[3:4])), self._shared

    def _context(self, action: str) -> dict[str, str]:
        """Return what is known of a request that widens somebody: it attaches the policy that matters."""
        name = action.lower()
        if name.startswith("iam:attach"):
            partition = self.actor.id.split(":", 2)[1]
            return {"iam:PolicyARN": f"arn:{partition}:iam::aws:policy/AdministratorAccess"}
        return {}

    def way(self, target: str, capability: Capability, answers: Sequence[Answer]) -> Way:
        """Put a way together."""
        answer = all_answers(answers)
        return Way(target, capability, answer, self.actor.pointer().evidence(answer.because))


def asker_of(estate: Estate, actor: Actor) -> Asker:
    """Return what asks for an actor, made once."""
    return estate.once(f"asker {actor.id}", lambda: Asker(estate, actor))


def passing(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
    """Yield the roles that can be handed to a service of the row that they trust."""
    asker = asker_of(estate, actor)
    others = [asker.may(action) for action in row.actions if action.lower() != PASS_ROLE]
    if any(one.decision is Decision.DENY for one in others):
        return
    trusted = row.trusted or row.passes_to
    for role in _roles_for(estate, actor.scope, frozenset(trusted)):
        if "ec2.amazonaws.com" in trusted and not (
            read(role, "instance_profiles") or "instance_profiles" in role.unread
        ):
            continue
        trust = (Source.of(f"trust policy of {role.name}", role.trust_policy),)
        passed = [can_pass(actor.side.caller, role.id, one, asker.inputs, trust) for one in trusted]
        proof = Evidence(asset=role.id, field="trust_policy", says=f"it lets {' or '.join(trusted)} take it")
        way = asker.way(role.id, CREDENTIALS, [_some(passed), *others])
        yield msgspec.structs.replace(way, evidence=(*way.evidence, proof))


def _roles_for(estate: Estate, scope: str, services: frozenset[str]) -> Sequence[IamRole]:
    """Return the roles of an account whose trust names one of some services."""
    by_service = estate.once(f"roles by service {scope}", lambda: _by_service(estate, scope))
    found = {role.id: role for service in services for role in by_service.get(service, ())}
    return [found[id] for id in sorted(found)]


def _by_service(estate: Estate, scope: str) -> dict[str, list[IamRole]]:
    found: dict[str, list[IamRole]] = {}
    for role in estate.of(IamRole):
        if role.scope != scope or "trust_policy" in role.unread or _is_linked(role):
            continue
        statements = [one for one in parse(role.trust_policy).statements if one.is_allow and one.principals]
        names = {m.text for one in statements for m in (one.principals.members if one.principals else ())}
        for name in names:
            found.setdefault(name, []).append(role)
    return found


def _some(answers: Sequence[Answer]) -> Answer:
    best = next((one for one in answers if one.decision is Decision.ALLOW), None)
    if best is not None or len(answers) == 1:
        return best or answers[0]
    reasons = tuple(dict.fromkeys(reason for one in answers for reason in one.because))
    return answer_of(any_of(map(truth_of, answers)), reasons)


def _is_linked(role: IamRole) -> bool:
    return "path" not in role.unread and is_service_linked(role)


def on(kind: type[Ec2Instance | LambdaFunction | RdsInstance | EbsVolume], capability: Capability) -> Bound:
    """Bind every action of a row to the assets of a kind in the account."""

    def bound(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
        asker = asker_of(estate, actor)
        for asset in estate.of(kind):
            if asset.scope == actor.scope and not _is_gone(asset):
                yield asker.way(asset.id, capability, [asker.may(action, asset.id) for action in row.actions])

    return bound


def _is_gone(asset: object) -> bool:
    return isinstance(asset, Ec2Instance) and read(asset, "state") in ("terminated", "shutting-down")


def on_user(fits: Callable[[IamUser], bool | None]) -> Bound:
    """Bind every action of a row to the users of the account that fit; None: it was not read."""

    def bound(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
        asker = asker_of(estate, actor)
        for user in estate.of(IamUser):
            if user.scope == actor.scope and fits(user) is not False:
                yield asker.way(user.id, CREDENTIALS, [asker.may(action, user.id) for action in row.actions])

    return bound


def on_role(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
    """Bind every action of a row to the roles of the account; what widens a role must be left by its boundary."""
    asker = asker_of(estate, actor)
    for role in estate.of(IamRole):
        if role.scope == actor.scope and not _is_linked(role):
            yield asker.way(role.id, CREDENTIALS, [asker.may(action, role.id) for action in row.actions])


def on_itself(kind: type[IamUser | IamRole]) -> Bound:
    """Bind a row to the principal itself, if it is of a kind: it then administers its account, unless bounded."""

    def bound(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
        if isinstance(actor.principal, kind) and not is_bounded(actor):
            yield from _itself(estate, actor, row, [actor.id])

    return bound


def on_its_groups(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
    """Bind a row to the groups that a user is in."""
    user = actor.principal
    if isinstance(user, IamUser) and not is_bounded(actor):
        names = set(read(user, "groups") or ())
        mine = [one.id for one in estate.of(IamGroup) if one.scope == user.scope and one.name in names]
        yield from _itself(estate, actor, row, mine)


def on_its_policies(fits: Callable[[IamPolicy], bool]) -> Bound:
    """Bind a row to customer managed policies that are attached to the principal or to its groups."""

    def bound(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
        if is_bounded(actor):
            return
        attached = {source.name for source in actor.side.identity}
        mine = [
            one.id
            for one in estate.of(IamPolicy)
            if one.id in attached and read(one, "owner") not in ("aws", None) and fits(one)
        ]
        yield from _itself(estate, actor, row, mine)

    return bound


def is_bounded(actor: Actor) -> bool:
    """Say whether a boundary holds a principal whatever it gives itself; one that was not read makes answers unknown."""
    boundary = actor.side.boundary
    if not isinstance(boundary, tuple) or not all(source.policy.is_readable for source in boundary):
        return False
    return is_admin(actor.side.documents[source.name] for source in boundary).decision is Decision.DENY


def on_group(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
    """Bind a row to the groups of the account: who joins has their rights."""
    asker = asker_of(estate, actor)
    if isinstance(actor.principal, IamUser):
        for group in estate.of(IamGroup):
            if group.scope == actor.scope:
                yield asker.way(group.id, CREDENTIALS, [asker.may(action, group.id) for action in row.actions])


def on_provider(kind: type[IamOidcProvider | IamSamlProvider]) -> Bound:
    """Bind a row to identity providers of the account: it wins the roles that trust them."""

    def bound(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
        asker = asker_of(estate, actor)
        for provider in estate.of(kind):
            if provider.scope != actor.scope:
                continue
            answers = [asker.may(action, provider.id) for action in row.actions]
            for role in _roles_for(estate, actor.scope, frozenset({provider.id})):
                yield asker.way(role.id, CREDENTIALS, answers)

    return bound


def on_account(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
    """Bind a row to the account as a whole."""
    asker = asker_of(estate, actor)
    yield asker.way(account_node(estate, actor.scope, actor.id), ADMIN, [asker.may(one) for one in row.actions])


def _itself(estate: Estate, actor: Actor, row: Escalation, resources: Sequence[str]) -> Iterator[Way]:
    asker = asker_of(estate, actor)
    account = account_node(estate, actor.scope, actor.id)
    for resource in resources:
        yield asker.way(account, ADMIN, [asker.may(action, resource) for action in row.actions])


def _has_few_keys(user: IamUser) -> bool | None:
    keys = read(user, "access_keys")
    return None if keys is None else len(keys) < MOST_KEYS


def _has_all_keys(user: IamUser) -> bool | None:
    few = _has_few_keys(user)
    return None if few is None else not few


def _has_no_password(user: IamUser) -> bool | None:
    has = read(user, "has_password")
    return None if has is None else not has


def _has_password_alone(user: IamUser) -> bool | None:
    has, mfa = read(user, "has_password"), read(user, "has_mfa")
    return None if has is None else has and not mfa


def _fits_any(asset: object) -> bool:
    return True


_WORKLOADS: Mapping[str, Bound] = {
    "ec2_rewrite_user_data": on(Ec2Instance, CODE),
    "ec2_send_serial_key": on(Ec2Instance, CODE),
    "ec2_send_ssh_key": on(Ec2Instance, CODE),
    "ssm_send_command": on(Ec2Instance, CODE),
    "ssm_start_session": on(Ec2Instance, CODE),
    "lambda_update_code": on(LambdaFunction, CODE),
    "lambda_update_code_and_invoke": on(LambdaFunction, CODE),
    "lambda_update_code_and_permit": on(LambdaFunction, CODE),
    "lambda_update_configuration": on(LambdaFunction, CODE),
    "rds_reset_password": on(RdsInstance, ADMIN),
    "rds_share_snapshot": on(RdsInstance, READ),
    "ec2_share_snapshot": on(EbsVolume, READ),
}
_IDENTITIES: Mapping[str, Bound] = {
    "iam_create_access_key": on_user(_has_few_keys),
    "iam_replace_access_key": on_user(_has_all_keys),
    "iam_create_login_profile": on_user(_has_no_password),
    "iam_update_login_profile": on_user(_has_password_alone),
    "iam_create_service_credential": on_user(_fits_any),
    "iam_put_user_policy_and_key": on_user(_has_few_keys),
    "iam_attach_user_policy_and_key": on_user(_has_few_keys),
    "iam_update_assume_role_policy": on_role,
    "iam_put_role_policy_and_trust": on_role,
    "iam_attach_role_policy_and_trust": on_role,
    "iam_add_client_id": on_provider(IamOidcProvider),
    "iam_update_oidc_thumbprint": on_provider(IamOidcProvider),
    "iam_update_saml_provider": on_provider(IamSamlProvider),
}
_ITSELF: Mapping[str, Bound] = {
    "iam_put_user_policy": on_itself(IamUser),
    "iam_attach_user_policy": on_itself(IamUser),
    "iam_put_role_policy": on_itself(IamRole),
    "iam_attach_role_policy": on_itself(IamRole),
    "iam_put_group_policy": on_its_groups,
    "iam_attach_group_policy": on_its_groups,
    "iam_add_user_to_group": on_group,
    "iam_create_policy_version": on_its_policies(
        lambda one: len(read(one, "other_versions") or ()) + 1 < MOST_VERSIONS
    ),
    "iam_set_default_policy_version": on_its_policies(lambda one: bool(read(one, "other_versions"))),
}
_PASSING = (
    *("apprunner_create_service", "autoscaling_create_group", "autoscaling_create_launch_configuration"),
    *("bedrock_code_interpreter", "cloudformation_create_stack", "cloudformation_create_stack_set"),
    *("cloudformation_update_stack_set", "codebuild_create_and_start", "codebuild_create_and_start_batch"),
    *("datapipeline_run", "ec2_associate_instance_profile", "ec2_replace_instance_profile", "ec2_request_spot_fleet"),
    *("ec2_request_spot_instances", "ec2_run_instances", "ecs_create_service", "ecs_run_task", "ecs_start_task"),
    *("eks_pod_identity", "events_put_targets", "glue_create_dev_endpoint", "glue_create_job_and_run"),
    *("glue_create_job_and_trigger", "glue_update_job_and_run", "glue_update_job_and_trigger"),
    *("lambda_create_and_invoke", "lambda_create_and_map", "lambda_create_and_permit", "sagemaker_create_notebook"),
    *("sagemaker_create_processing_job", "sagemaker_create_training_job", "scheduler_create_schedule"),
    "states_create_and_start",
)
BOUND: Mapping[str, Bound] = {**_WORKLOADS, **_IDENTITIES, **_ITSELF, **dict.fromkeys(_PASSING, passing)}
"""Row -> how it is bound."""
UNBOUND: Mapping[str, str] = {
    **dict.fromkeys(
        ("s3_put_bucket_policy", "kms_put_key_policy", "lambda_add_permission", "s3_read_state"),
        "an edge of permission says the same",
    ),
    "sts_assume_role": "an edge of assuming says the same, with the trust of the role",
    "kms_create_grant": "the permission to decrypt or to change the key is asked about",
    **dict.fromkeys(
        (
            *("iam_deactivate_mfa", "iam_resync_mfa", "iam_delete_role_boundary", "iam_delete_role_policy"),
            *("iam_delete_user_boundary", "iam_delete_user_policy", "iam_detach_role_policy", "iam_detach_user_policy"),
            *("iam_put_role_boundary", "iam_put_user_boundary"),
        ),
        "it removes an obstacle and wins nothing by itself",
    ),
    **dict.fromkeys(
        (
            *("iam_attach_role_policy_and_assume", "iam_put_role_policy_and_assume"),
            *("iam_create_policy_version_and_assume", "iam_create_policy_version_and_trust"),
        ),
        "widening a role that can be taken: see rows about the role itself, which start from the role",
    ),
    **dict.fromkeys(
        (
            *("apprunner_update_service", "bedrock_existing_interpreter", "cloudformation_change_set"),
            *("cloudformation_update_stack", "codebuild_start_build", "codebuild_start_build_batch"),
            *("ec2_rewrite_launch_template", "ecs_execute_command", "eks_associate_access_policy"),
            *("glue_update_dev_endpoint", "sagemaker_lifecycle_config", "sagemaker_presigned_url", "states_update"),
            *("secretsmanager_put_policy", "secretsmanager_read", "sns_add_permission", "sqs_add_permission"),
            *("sqs_set_attributes", "ssm_read_parameter", "ssm_read_parameters", "organizations_take_member"),
            *("organizations_update_policy", "sso_attach_managed_policy", "sso_create_account_assignment"),
        ),
        "assets of the kind that it is about are not collected",
    ),
    **dict.fromkeys(
        ("ec2_attach_copy", "rds_restore_snapshot"), "it needs a machine or database of the principal besides"
    ),
}
"""Row -> why it gives no edge."""
