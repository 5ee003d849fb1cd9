"""Databases and snapshots: every field known, sharing, old exports, refused and broken answers."""

from datetime import UTC, datetime

from poise.collect.aws import rds
from tests.collect.aws.answers import denied, read

EC2 = "arn:aws:ec2:eu-west-1:111122223333"
HERE = "arn:aws:rds:eu-west-1:111122223333"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/k"
WHEN = datetime(2026, 3, 1, 9, tzinfo=UTC)
TAGS = [{"Key": "team", "Value": "shop"}]
INSTANCE = {
    "DBInstanceIdentifier": "orders",
    "DBInstanceArn": f"{HERE}:db:orders",
    "DBInstanceClass": "db.t4g.medium",
    "DBInstanceStatus": "available",
    "Engine": "postgres",
    "EngineVersion": "17.5",
    "MasterUsername": "owner",
    "MasterUserSecret": {
        "SecretArn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds",
        "SecretStatus": "active",
    },
    "Endpoint": {"Address": "orders.x.eu-west-1.rds.amazonaws.com", "Port": 5433, "HostedZoneId": "Z"},
    "InstanceCreateTime": WHEN,
    "BackupRetentionPeriod": 14,
    "VpcSecurityGroups": [
        {"VpcSecurityGroupId": "sg-1", "Status": "active"},
        {"VpcSecurityGroupId": "sg-2", "Status": "removing"},
    ],
    "DBSubnetGroup": {
        "VpcId": "vpc-1",
        "Subnets": [{"SubnetIdentifier": "subnet-1"}, {"SubnetIdentifier": "subnet-2"}],
    },
    "ReadReplicaSourceDBInstanceIdentifier": "primary",
    "DBClusterIdentifier": "ledger",
    "MultiAZ": True,
    "AutoMinorVersionUpgrade": True,
    "PubliclyAccessible": False,
    "StorageEncrypted": True,
    "KmsKeyId": KEY,
    "CACertificateIdentifier": "rds-ca-rsa2048-g1",
    "CertificateDetails": {"CAIdentifier": "rds-ca-rsa2048-g1", "ValidTill": datetime(2027, 3, 1, tzinfo=UTC)},
    "CopyTagsToSnapshot": True,
    "MonitoringInterval": 60,
    "IAMDatabaseAuthenticationEnabled": True,
    "DeletionProtection": True,
    "EnabledCloudwatchLogsExports": ["postgresql"],
    "AssociatedRoles": [{"RoleArn": "arn:aws:iam::111122223333:role/export", "FeatureName": "s3Export"}],
    "TagList": TAGS,
}
CLUSTER = {
    "DBClusterIdentifier": "ledger",
    "DBClusterArn": f"{HERE}:cluster:ledger",
    "Status": "available",
    "Engine": "aurora-postgresql",
    "EngineVersion": "16.8",
    "EngineMode": "provisioned",
    "MasterUsername": "owner",
    "Port": 5433,
    "ClusterCreateTime": WHEN,
    "DBClusterMembers": [{"DBInstanceIdentifier": "ledger-1", "IsClusterWriter": True}],
    "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1", "Status": "active"}],
    "StorageEncrypted": True,
    "KmsKeyId": KEY,
    "BackupRetentionPeriod": 14,
    "MultiAZ": True,
    "DeletionProtection": True,
    "IAMDatabaseAuthenticationEnabled": False,
    "HttpEndpointEnabled": False,
    "CopyTagsToSnapshot": True,
    "AssociatedRoles": [],
    "TagList": TAGS,
}
SNAPSHOT = {
    "DBSnapshotIdentifier": "before",
    "DBInstanceIdentifier": "orders",
    "SnapshotCreateTime": WHEN,
    "Engine": "postgres",
    "SnapshotType": "manual",
    "Encrypted": False,
    "DBSnapshotArn": f"{HERE}:snapshot:before",
    "TagList": [],
}
CLUSTER_SNAPSHOT = {
    "DBClusterSnapshotIdentifier": "before",
    "DBClusterIdentifier": "ledger",
    "SnapshotCreateTime": WHEN,
    "Engine": "aurora-postgresql",
    "SnapshotType": "manual",
    "StorageEncrypted": True,
    "KmsKeyId": KEY,
    "DBClusterSnapshotArn": f"{HERE}:cluster-snapshot:before",
    "TagList": [],
}
RESTORE = {"AttributeName": "restore", "AttributeValues": ["all", "999988887777"]}
SHARED = {"DBSnapshotAttributesResult": {"DBSnapshotIdentifier": "before", "DBSnapshotAttributes": [RESTORE]}}
PRIVATE = {"AttributeName": "restore", "AttributeValues": []}
WHOLE = {
    "rds:DescribeDBInstances": {"DBInstances": [INSTANCE]},
    "rds:DescribeDBClusters": {"DBClusters": [CLUSTER]},
    "rds:DescribeDBSnapshots": {"DBSnapshots": [SNAPSHOT]},
    "rds:DescribeDBSnapshotAttributes": SHARED,
    "rds:DescribeDBClusterSnapshots": {"DBClusterSnapshots": [CLUSTER_SNAPSHOT]},
    "rds:DescribeDBClusterSnapshotAttributes": {
        "DBClusterSnapshotAttributesResult": {
            "DBClusterSnapshotIdentifier": "before",
            "DBClusterSnapshotAttributes": [{"AttributeName": "other", "AttributeValues": ["x"]}, PRIVATE],
        }
    },
}
KINDS = ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::RDS::DBSnapshot", "AWS::RDS::DBClusterSnapshot")
EMPTY = {
    "rds:DescribeDBInstances": {"DBInstances": []},
    "rds:DescribeDBClusters": {"DBClusters": []},
    "rds:DescribeDBSnapshots": {"DBSnapshots": []},
    "rds:DescribeDBClusterSnapshots": {"DBClusterSnapshots": []},
}


def test_every_field_is_known():
    (instance, cluster, snapshot, cluster_snapshot), listings, problems = read(rds, WHOLE)

    assert (listings, problems) == (dict.fromkeys(KINDS, "complete"), [])
    assert not any(asset.unread for asset in (instance, cluster, snapshot, cluster_snapshot))
    assert (instance.id, cluster.id) == (f"{HERE}:db:orders", f"{HERE}:cluster:ledger")
    assert (snapshot.id, cluster_snapshot.id) == (f"{HERE}:snapshot:before", f"{HERE}:cluster-snapshot:before")
    assert instance.tags == {"team": "shop"}
    assert instance.known() == {
        "created": "2026-03-01T09:00:00+00:00",
        "status": "available",
        "engine": "postgres",
        "engine_version": "17.5",
        "instance_class": "db.t4g.medium",
        "master_user": "owner",
        "master_secret": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds",
        "host": "orders.x.eu-west-1.rds.amazonaws.com",
        "port": 5433,
        "cluster": "ledger",
        "replica_of": "primary",
        "vpc": f"{EC2}:vpc/vpc-1",
        "subnets": (f"{EC2}:subnet/subnet-1", f"{EC2}:subnet/subnet-2"),
        "security_groups": (f"{EC2}:security-group/sg-1",),
        "publicly_accessible": False,
        "storage_encrypted": True,
        "encryption_key": KEY,
        "backup_retention_days": 14,
        "multi_az": True,
        "minor_upgrades": True,
        "deletion_protection": True,
        "iam_authentication": True,
        "certificate_authority": "rds-ca-rsa2048-g1",
        "certificate_valid_till": "2027-03-01T00:00:00+00:00",
        "monitoring_interval_s": 60,
        "log_exports": ("postgresql",),
        "copies_tags_to_snapshots": True,
        "profile_roles": ("arn:aws:iam::111122223333:role/export",),
    }
    assert (cluster.members, cluster.port, cluster.publicly_accessible) == (("ledger-1",), 5433, None)
    assert (cluster.master_secret, cluster.replica_of, cluster.data_api) == (None, None, False)
    assert (snapshot.restorable_by, snapshot.encrypted, snapshot.encryption_key) == (
        ("all", "999988887777"),
        False,
        None,
    )
    assert (cluster_snapshot.restorable_by, cluster_snapshot.encrypted) == ((), True)


def test_only_manual_snapshots_are_asked_who_may_restore_them():
    answers = EMPTY | {"rds:DescribeDBSnapshots": {"DBSnapshots": [SNAPSHOT | {"SnapshotType": "automated"}]}}

    (snapshot,), _, problems = read(rds, answers)

    assert (snapshot.origin, snapshot.restorable_by, problems) == ("automated", (), [])


def test_an_old_answer_without_a_key_is_a_gap_and_never_off():
    old = {k: v for k, v in INSTANCE.items() if k not in ("DeletionProtection", "TagList", "KmsKeyId", "DBInstanceArn")}

    (instance,), listings, problems = read(rds, EMPTY | {"rds:DescribeDBInstances": {"DBInstances": [old]}})

    assert set(instance.unread) == {"deletion_protection", "tags"}
    assert (instance.encryption_key, instance.id) == (None, f"{HERE}:db:orders")
    assert len(problems) == 2
    assert listings["AWS::RDS::DBInstance"] == "complete"


def test_a_database_that_is_being_made_has_no_end_point():
    made = {k: v for k, v in INSTANCE.items() if k not in ("Endpoint", "InstanceCreateTime", "DBSubnetGroup")}

    (instance,), _, problems = read(rds, EMPTY | {"rds:DescribeDBInstances": {"DBInstances": [made]}})

    assert (instance.host, instance.port, instance.created, instance.vpc, instance.subnets) == (
        None,
        None,
        None,
        None,
        (),
    )
    assert problems == []


def test_refused_attributes_are_a_gap_on_the_sharing_alone():
    call = "rds:DescribeDBSnapshotAttributes"
    assets, listings, _ = read(rds, WHOLE | {call: denied(call)})

    assert [dict(asset.unread) for asset in assets] == [{}, {}, {"restorable_by": f"AccessDenied on {call}"}, {}]
    assert listings == dict.fromkeys(KINDS, "complete")


def test_each_refused_list_is_denied_alone():
    for call, kind in zip(EMPTY, ("DBInstance", "DBCluster", "DBSnapshot", "DBClusterSnapshot"), strict=True):
        _, listings, _ = read(rds, WHOLE | {call: denied(call)})
        assert listings == dict.fromkeys(KINDS, "complete") | {f"AWS::RDS::{kind}": "denied"}


def test_a_list_that_breaks_off_keeps_what_came_before():
    pages = [{"DBInstances": [INSTANCE]}, denied("rds:DescribeDBInstances", "Throttling")]

    assets, listings, _ = read(rds, EMPTY | {"rds:DescribeDBInstances": pages})

    assert ([a.name for a in assets], listings["AWS::RDS::DBInstance"]) == (["orders"], "partial")


def test_a_broken_item_is_lost_alone():
    pages = {"DBInstances": [{"Engine": "x"}, INSTANCE]}
    assets, listings, _ = read(rds, EMPTY | {"rds:DescribeDBInstances": pages})
    assert ([a.name for a in assets], listings["AWS::RDS::DBInstance"]) == (["orders"], "partial")
