"""Records of Amazon RDS: instances, clusters, and the snapshots of both.

The same calls also list Amazon DocumentDB and Neptune; ``engine`` tells them apart.
"""

from poise.model.asset import Asset, asset_kind


@asset_kind("AWS::RDS::DBInstance", "aws")
class RdsInstance(Asset):
    """A database instance."""

    created: str | None
    """When it was created, ISO 8601; None while it is being made."""
    status: str
    """`available`, `stopped`, `creating` ..."""
    engine: str
    """`postgres`, `mysql`, `aurora-postgresql`, `docdb` ..."""
    engine_version: str
    """Version of the engine."""
    instance_class: str
    """Size, e.g. `db.t4g.micro`."""
    master_user: str | None
    """Name of the first administrator; None where the engine has none."""
    master_secret: str | None
    """Secret that holds and rotates the administrator's password; None if people keep the password."""
    host: str | None
    """DNS name of its end point; None while it has none."""
    port: int | None
    """Port of its end point; None while it has none."""
    cluster: str | None
    """Identifier of the cluster it belongs to; None for an instance on its own."""
    replica_of: str | None
    """Instance or cluster that it is a read replica of; None if it is none."""
    vpc: str | None
    """ARN of the VPC of its subnet group; None outside a VPC."""
    subnets: tuple[str, ...]
    """ARNs of the subnets of its subnet group."""
    security_groups: tuple[str, ...]
    """ARNs of its active VPC security groups."""
    publicly_accessible: bool
    """Whether its DNS name leads to a public address."""
    storage_encrypted: bool
    """Whether its storage is encrypted."""
    encryption_key: str | None
    """KMS key of the storage; None if it is not encrypted."""
    backup_retention_days: int
    """Days that automatic backups are kept; 0 if there are none."""
    multi_az: bool
    """Whether a standby waits in another zone."""
    minor_upgrades: bool
    """Whether minor versions are installed unasked."""
    deletion_protection: bool
    """Whether it cannot be deleted while this is on."""
    iam_authentication: bool
    """Whether IAM principals may sign in to it."""
    certificate_authority: str | None
    """Authority of its TLS certificate, e.g. `rds-ca-rsa2048-g1`; None where none is set."""
    certificate_valid_till: str | None
    """When its TLS certificate ends, ISO 8601; None where AWS does not say."""
    monitoring_interval_s: int
    """Seconds between readings of enhanced monitoring; 0 if it is off."""
    log_exports: tuple[str, ...]
    """Logs that are sent to CloudWatch."""
    copies_tags_to_snapshots: bool
    """Whether snapshots take over its tags."""
    profile_roles: tuple[str, ...]
    """ARNs of the roles that the database may use."""


@asset_kind("AWS::RDS::DBCluster", "aws")
class RdsCluster(Asset):
    """A cluster of instances over shared storage (Aurora, DocumentDB, Neptune) or of Multi-AZ instances."""

    created: str
    """When it was created, ISO 8601."""
    status: str
    """`available`, `stopped`, `creating` ..."""
    engine: str
    """`aurora-mysql`, `aurora-postgresql`, `docdb`, `neptune`, `mysql`, `postgres`."""
    engine_version: str
    """Version of the engine."""
    engine_mode: str | None
    """`provisioned`, `serverless` ...; None where the engine has no modes."""
    master_user: str | None
    """Name of the first administrator; None where the engine has none."""
    master_secret: str | None
    """Secret that holds and rotates the administrator's password; None if people keep the password."""
    port: int | None
    """Port of its end points; None while it has none."""
    members: tuple[str, ...]
    """Identifiers of its instances."""
    replica_of: str | None
    """Cluster or instance that it is a replica of; None if it is none."""
    security_groups: tuple[str, ...]
    """ARNs of its active VPC security groups."""
    publicly_accessible: bool | None
    """Whether a Multi-AZ cluster has a public address; None for Aurora, where the instances say."""
    storage_encrypted: bool
    """Whether its storage is encrypted."""
    encryption_key: str | None
    """KMS key of the storage; None if it is not encrypted."""
    backup_retention_days: int
    """Days that automatic backups are kept."""
    multi_az: bool
    """Whether its instances stand in several zones."""
    deletion_protection: bool
    """Whether it cannot be deleted while this is on."""
    iam_authentication: bool | None
    """Whether IAM principals may sign in to it; None where the engine cannot."""
    data_api: bool | None
    """Whether SQL may be sent over HTTPS; None where the engine cannot."""
    log_exports: tuple[str, ...]
    """Logs that are sent to CloudWatch."""
    copies_tags_to_snapshots: bool | None
    """Whether snapshots take over its tags; None where the engine cannot."""
    profile_roles: tuple[str, ...]
    """ARNs of the roles that the database may use."""


@asset_kind("AWS::RDS::DBSnapshot", "aws")
class RdsSnapshot(Asset):
    """A snapshot of an instance."""

    created: str | None
    """When it was taken, ISO 8601; None while it is being made."""
    origin: str
    """Who took it: `manual`, `automated`, `awsbackup`."""
    database: str
    """Identifier of the instance it was taken of."""
    engine: str
    """Engine of the instance."""
    encrypted: bool
    """Whether it is encrypted."""
    encryption_key: str | None
    """KMS key that it is encrypted with; None if it is not."""
    restorable_by: tuple[str, ...]
    """Accounts that may restore it; `all` for everyone."""


@asset_kind("AWS::RDS::DBClusterSnapshot", "aws")
class RdsClusterSnapshot(Asset):
    """A snapshot of a cluster."""

    created: str | None
    """When it was taken, ISO 8601; None while it is being made."""
    origin: str
    """Who took it: `manual`, `automated`, `awsbackup`."""
    database: str
    """Identifier of the cluster it was taken of."""
    engine: str
    """Engine of the cluster."""
    encrypted: bool
    """Whether it is encrypted."""
    encryption_key: str | None
    """KMS key that it is encrypted with; None if it is not."""
    restorable_by: tuple[str, ...]
    """Accounts that may restore it; `all` for everyone."""
