"""Which insight is told of which kind, and how. What a rule answers with None, or cannot read, is unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from poise.model.asset import Asset
from poise.model.aws.awslambda import LambdaFunction
from poise.model.aws.ec2 import EbsSnapshot, EbsVolume, Ec2Instance, ElasticIp, MachineImage
from poise.model.aws.iam import IamRole, IamUser
from poise.model.aws.kms import KmsKey
from poise.model.aws.rds import RdsCluster, RdsClusterSnapshot, RdsInstance, RdsSnapshot
from poise.model.aws.s3 import S3Bucket
from poise.model.azure.compute import VirtualMachine
from poise.model.azure.entra import EntraUser
from poise.model.azure.entra_applications import EntraServicePrincipal
from poise.model.azure.keyvault import KeyVault
from poise.model.azure.network import PublicIpAddress
from poise.model.azure.sql import SqlServer
from poise.model.azure.storage import StorageAccount
from poise.model.inventory import Inventory
from poise.policy.answer import Decision, Level
from poise.policy.aws.exposed import bucket_exposed
from poise.policy.aws.principal import documents_of, is_service_linked

Judge = Callable[[Any, Inventory], Any]
EVERY_ACCOUNT = "all"
MICROSOFT = frozenset({"f8cdef31-a31e-4b4a-93e4-5f571e91255a", "72f988bf-86f1-41af-91ab-2d7cd011db47"})
"""Tenants of Microsoft, whose programs serve every directory (Microsoft Learn, "Verify first-party Microsoft
applications in sign-in reports")."""


def _bucket_is_public(bucket: S3Bucket, inventory: Inventory) -> bool | None:
    found = bucket_exposed(bucket, inventory)
    return None if found.level is Level.UNKNOWN else found.is_public


def _storage_is_public(account: StorageAccount, inventory: Inventory) -> bool | None:
    # Which containers are open is not collected: only the account's own no is certain.
    return False if account.allow_blob_public_access is False else None


def _sql_takes_passwords(server: SqlServer, inventory: Inventory) -> bool:
    administrator = server.entra_administrator
    return administrator is None or administrator.entra_only is not True


def _is_administrator(principal: IamUser | IamRole, inventory: Inventory) -> bool | None:
    decision = documents_of(principal, inventory).is_admin().decision
    return {Decision.ALLOW: True, Decision.CONDITIONAL: True, Decision.DENY: False}.get(decision)


def _is_shared_with_all(copy: Any, inventory: Inventory) -> bool:
    if isinstance(copy, RdsSnapshot | RdsClusterSnapshot):
        return EVERY_ACCOUNT in copy.restorable_by
    return EVERY_ACCOUNT in copy.shared_with_groups or (isinstance(copy, MachineImage) and copy.public)


def _needs_no_token(machine: Ec2Instance, inventory: Inventory) -> bool:
    return machine.metadata.http_endpoint == "enabled" and machine.metadata.http_tokens == "optional"


def _is_of_others(program: EntraServicePrincipal, inventory: Inventory) -> bool | None:
    """Say whether somebody else's tenant registered a program: who runs it has its credentials."""
    home = program.home_tenant
    return None if home is None else home.lower() not in {program.scope.lower(), *MICROSOFT}


def _is_guest(user: EntraUser, inventory: Inventory) -> bool:
    # Accounts from before there were guests have no type, and are members.
    return user.user_type == "Guest"


def _rotates(key: KmsKey, inventory: Inventory) -> bool:
    return bool(key.rotation_enabled)


def _fact(name: str) -> Judge:
    return lambda asset, inventory: getattr(asset, name)


def _is_set(name: str) -> Judge:
    return lambda asset, inventory: getattr(asset, name) is not None


def _not(name: str) -> Judge:
    return lambda asset, inventory: None if getattr(asset, name) is None else not getattr(asset, name)


def _always(value: Any) -> Judge:
    return lambda asset, inventory: value


_COPIES: dict[type[Asset], Judge] = dict.fromkeys(
    (EbsSnapshot, MachineImage, RdsSnapshot, RdsClusterSnapshot), _is_shared_with_all
)
RULES: Mapping[str, Mapping[type[Asset], Judge]] = {
    "allows_public_access": {S3Bucket: _bucket_is_public, StorageAccount: _storage_is_public, **_COPIES},
    "allows_basic_authentication": {
        # The administrator of an RDS database always signs in with a password, whatever else is allowed.
        RdsInstance: _always(True),
        RdsCluster: _always(True),
        SqlServer: _sql_takes_passwords,
    },
    "has_mfa": {IamUser: _fact("has_mfa")},
    "has_password": {IamUser: _fact("has_password")},
    "password_login": {VirtualMachine: _not("password_login_disabled")},
    "privileged": {IamUser: _is_administrator, IamRole: _is_administrator},
    "managed": {IamRole: lambda role, inventory: is_service_linked(role)},
    "metadata_without_token": {Ec2Instance: _needs_no_token},
    "encrypted": {
        EbsVolume: _fact("encrypted"),
        EbsSnapshot: _fact("encrypted"),
        RdsSnapshot: _fact("encrypted"),
        RdsClusterSnapshot: _fact("encrypted"),
        RdsInstance: _fact("storage_encrypted"),
        RdsCluster: _fact("storage_encrypted"),
    },
    "rotates": {KmsKey: _rotates},
    "enabled": {
        KmsKey: lambda key, inventory: key.state == "Enabled",
        EntraUser: _fact("enabled"),
        EntraServicePrincipal: _fact("enabled"),
    },
    "external": {EntraUser: _is_guest},
    "foreign": {EntraServicePrincipal: _is_of_others},
    "home_tenant": {EntraServicePrincipal: _fact("home_tenant")},
    "state": {Ec2Instance: _fact("state"), KmsKey: _fact("state")},
    "address": {
        ElasticIp: _fact("public_ip"),
        PublicIpAddress: _fact("address"),
        Ec2Instance: _fact("public_ip"),
    },
    "sku": {PublicIpAddress: _fact("sku"), KeyVault: _fact("sku"), StorageAccount: _fact("sku")},
    "uses_roles": {KeyVault: lambda vault, inventory: bool(vault.rbac_authorization)},
    "allows_shared_keys": {StorageAccount: lambda account, inventory: account.allow_shared_key_access is not False},
    "engine": {RdsInstance: _fact("engine"), RdsCluster: _fact("engine")},
    "runtime": {LambdaFunction: _fact("runtime")},
    "last_used": {IamRole: _fact("last_used"), IamUser: _fact("password_last_used")},
    "has_boundary": {IamRole: _is_set("permissions_boundary"), IamUser: _is_set("permissions_boundary")},
    "versioned": {S3Bucket: lambda bucket, inventory: bucket.versioning == "Enabled"},
}
"""Insight -> kind -> rule."""
