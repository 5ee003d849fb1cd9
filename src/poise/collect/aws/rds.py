"""Reads Amazon RDS: instances, clusters, and the snapshots of both.

Only manual snapshots can be shared (RDS User Guide, "Sharing a DB snapshot"), so who may restore is asked of those
alone. The lists also hold Amazon DocumentDB and Neptune.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from poise.collect.aws.reading.reader import AwsReader, as_text, tags_of
from poise.collect.aws.reading.spread import Place, listed_each
from poise.collect.facts import Facts, Piece
from poise.model.asset import Json
from poise.model.aws.rds import RdsCluster, RdsClusterSnapshot, RdsInstance, RdsSnapshot
from poise.model.listing import Read

PER_REGION = True
READS = (
    Read("rds:DescribeDBInstances", "rds:DescribeDBInstances", ("RdsInstance",)),
    Read("rds:DescribeDBClusters", "rds:DescribeDBClusters", ("RdsCluster",)),
    Read("rds:DescribeDBSnapshots", "rds:DescribeDBSnapshots", ("RdsSnapshot",)),
    Read("rds:DescribeDBSnapshotAttributes", "rds:DescribeDBSnapshotAttributes", ("RdsSnapshot.restorable_by",)),
    Read("rds:DescribeDBClusterSnapshots", "rds:DescribeDBClusterSnapshots", ("RdsClusterSnapshot",)),
    Read(
        "rds:DescribeDBClusterSnapshotAttributes",
        "rds:DescribeDBClusterSnapshotAttributes",
        ("RdsClusterSnapshot.restorable_by",),
    ),
)


def collect(reader: AwsReader) -> Iterator[Piece]:
    """Yield the databases and snapshots of a region, then the states of their listings."""
    instances = reader.pages("rds", "DescribeDBInstances", "DBInstances")
    yield from listed_each(reader, RdsInstance, instances, partial(_instance, reader))
    clusters = reader.pages("rds", "DescribeDBClusters", "DBClusters")
    yield from listed_each(reader, RdsCluster, clusters, partial(_cluster, reader))
    snapshots = reader.pages("rds", "DescribeDBSnapshots", "DBSnapshots")
    yield from listed_each(reader, RdsSnapshot, snapshots, partial(_snapshot, reader))
    snapshots = reader.pages("rds", "DescribeDBClusterSnapshots", "DBClusterSnapshots")
    yield from listed_each(reader, RdsClusterSnapshot, snapshots, partial(_cluster_snapshot, reader))


def _instance(reader: AwsReader, item: Json) -> Iterator[Piece]:
    facts, place = Facts(RdsInstance), Place.of(reader)
    facts.pick(
        "rds:DescribeDBInstances",
        item,
        tags=_tags,
        created=_time("InstanceCreateTime"),
        status="DBInstanceStatus",
        instance_class="DBInstanceClass",
        host="Endpoint.Address",
        port="Endpoint.Port",
        cluster="DBClusterIdentifier",
        replica_of=lambda i: (
            i.get("ReadReplicaSourceDBInstanceIdentifier") or i.get("ReadReplicaSourceDBClusterIdentifier")
        ),
        vpc=lambda i: place.arn_or_none("vpc", (i.get("DBSubnetGroup") or {}).get("VpcId")),
        subnets=lambda i: place.arns("subnet", _subnets(i)),
        publicly_accessible="PubliclyAccessible",
        minor_upgrades="AutoMinorVersionUpgrade",
        iam_authentication="IAMDatabaseAuthenticationEnabled",
        certificate_authority="CACertificateIdentifier",
        certificate_valid_till=lambda i: _time("ValidTill")(i.get("CertificateDetails") or {}),
        monitoring_interval_s="MonitoringInterval",
        copies_tags_to_snapshots="CopyTagsToSnapshot",
        **_database(place),
    )
    name = item["DBInstanceIdentifier"]
    arn = _arn(reader, "db", name)
    yield from facts.finish(id=arn, name=name, scope=reader.account, region=reader.region)


def _cluster(reader: AwsReader, item: Json) -> Iterator[Piece]:
    facts, place = Facts(RdsCluster), Place.of(reader)
    facts.pick(
        "rds:DescribeDBClusters",
        item,
        tags=_tags,
        created=lambda i: as_text(i["ClusterCreateTime"]),
        status="Status",
        engine_mode="EngineMode",
        port="Port",
        members=lambda i: [m["DBInstanceIdentifier"] for m in i["DBClusterMembers"]],
        replica_of="ReplicationSourceIdentifier",
        publicly_accessible="PubliclyAccessible",
        iam_authentication="IAMDatabaseAuthenticationEnabled",
        data_api="HttpEndpointEnabled",
        copies_tags_to_snapshots="CopyTagsToSnapshot",
        **_database(place),
    )
    name = item["DBClusterIdentifier"]
    arn = _arn(reader, "cluster", name)
    yield from facts.finish(id=arn, name=name, scope=reader.account, region=reader.region)


def _database(place: Place) -> dict[str, Any]:
    """Return the fields that instances and clusters call the same."""
    return {
        "engine": "Engine",
        "engine_version": "EngineVersion",
        "master_user": "MasterUsername",
        "master_secret": "MasterUserSecret.SecretArn",
        "security_groups": lambda i: place.arns("security-group", _active_groups(i)),
        "storage_encrypted": "StorageEncrypted",
        "encryption_key": "KmsKeyId",
        "backup_retention_days": "BackupRetentionPeriod",
        "multi_az": "MultiAZ",
        "deletion_protection": "DeletionProtection",
        "log_exports": lambda i: i.get("EnabledCloudwatchLogsExports") or (),
        "profile_roles": lambda i: [role["RoleArn"] for role in i.get("AssociatedRoles") or ()],
    }


def _snapshot(reader: AwsReader, item: Json) -> list[Piece]:
    facts = Facts(RdsSnapshot)
    name = item["DBSnapshotIdentifier"]
    facts.pick(
        "rds:DescribeDBSnapshots",
        item,
        tags=_tags,
        created=_time("SnapshotCreateTime"),
        origin="SnapshotType",
        database="DBInstanceIdentifier",
        engine="Engine",
        encrypted="Encrypted",
        encryption_key="KmsKeyId",
    )
    ask = partial(reader.get, "rds", "DescribeDBSnapshotAttributes", DBSnapshotIdentifier=name)
    _read_sharing(facts, ask, "DBSnapshotAttributesResult.DBSnapshotAttributes")
    arn = _arn(reader, "snapshot", name)
    return list(facts.finish(id=arn, name=name, scope=reader.account, region=reader.region))


def _cluster_snapshot(reader: AwsReader, item: Json) -> list[Piece]:
    facts = Facts(RdsClusterSnapshot)
    name = item["DBClusterSnapshotIdentifier"]
    facts.pick(
        "rds:DescribeDBClusterSnapshots",
        item,
        tags=_tags,
        created=_time("SnapshotCreateTime"),
        origin="SnapshotType",
        database="DBClusterIdentifier",
        engine="Engine",
        encrypted="StorageEncrypted",
        encryption_key="KmsKeyId",
    )
    ask = partial(reader.get, "rds", "DescribeDBClusterSnapshotAttributes", DBClusterSnapshotIdentifier=name)
    _read_sharing(facts, ask, "DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes")
    arn = _arn(reader, "cluster-snapshot", name)
    return list(facts.finish(id=arn, name=name, scope=reader.account, region=reader.region))


def _read_sharing(facts: Facts[Any], ask: Callable[[], Json], path: str) -> None:
    if facts.values.get("origin") != "manual":
        facts.set(restorable_by=())
        return
    outer, inner = path.split(".")

    def restorers(answer: Json) -> list[str]:
        attributes = [a for a in answer[outer][inner] if a["AttributeName"] == "restore"]
        return [account for a in attributes for account in a.get("AttributeValues") or ()]

    facts.read(ask, restorable_by=restorers)


def _arn(reader: AwsReader, kind: str, name: str) -> str:
    """Return the ARN of what is called so; old answers lack it (RDS User Guide, "Constructing an ARN for RDS")."""
    return f"arn:{reader.partition}:rds:{reader.region}:{reader.account}:{kind}:{name}"


def _subnets(item: Json) -> list[str]:
    group = item.get("DBSubnetGroup") or {}
    return [subnet["SubnetIdentifier"] for subnet in group.get("Subnets") or ()]


def _active_groups(item: Json) -> list[str]:
    return [group["VpcSecurityGroupId"] for group in item["VpcSecurityGroups"] if group["Status"] == "active"]


def _tags(item: Json) -> dict[str, str]:
    return tags_of(item["TagList"])


def _time(key: str) -> Callable[[Json], str | None]:
    return lambda item: as_text(item[key]) if item.get(key) else None
