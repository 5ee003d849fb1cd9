"""Which row of the escalation catalogue of AWS is bound to which assets, or why it gives no edge."""

from __future__ import annotations

from collections.abc import Mapping

from poise.graph.copy_rows import shared_copies
from poise.graph.estate import read
from poise.graph.rows import (
    Bound,
    on,
    on_group,
    on_its_groups,
    on_its_policies,
    on_itself,
    on_provider,
    on_role,
    on_user,
    passing,
)
from poise.model.aws.awslambda import LambdaFunction
from poise.model.aws.ec2 import EbsVolume, Ec2Instance
from poise.model.aws.iam import IamOidcProvider, IamRole, IamSamlProvider, IamUser
from poise.model.aws.rds import RdsInstance
from poise.model.graph import Capability

CODE, READ, ADMIN = Capability.CODE, Capability.READ, Capability.ADMIN
MOST_KEYS = 2
"""Access keys that a user may have (IAM User Guide, "IAM and AWS STS quotas")."""
MOST_VERSIONS = 5
"""Versions that a managed policy may have."""


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
    "rds_share_snapshot": shared_copies(RdsInstance),
    "ec2_share_snapshot": shared_copies(EbsVolume),
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
