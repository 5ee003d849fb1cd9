"""Where data go: disks to snapshots and images, databases to snapshots and replicas, buckets to buckets, logs."""

from __future__ import annotations

from collections.abc import Iterator

from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Width
from poise.model.asset import Asset
from poise.model.aws.cloudtrail import Trail
from poise.model.aws.ec2 import EbsSnapshot, EbsVolume, Ec2Instance, MachineImage
from poise.model.aws.elb import ClassicLoadBalancer, LoadBalancer
from poise.model.aws.rds import RdsCluster, RdsClusterSnapshot, RdsInstance, RdsSnapshot
from poise.model.aws.s3 import S3Bucket
from poise.model.aws.vpc import FlowLog
from poise.model.graph import Edge, EdgeKind, Evidence


def find(estate: Estate) -> Found:
    """Yield an edge from each source of data to each copy, and from each machine to its disks and image."""
    yield from _disks(estate)
    yield from _databases(estate)
    yield from _buckets(estate)


def _disks(estate: Estate) -> Iterator[Edge]:
    for volume in estate.of(EbsVolume):
        for machine in read(volume, "instances") or ():
            yield _edge(machine, volume.id, EdgeKind.CONTAINS, (volume, "instances", "it is attached to the machine"))
        yield from _moved(volume, "snapshot", "it was made from the snapshot")
    for snapshot in estate.of(EbsSnapshot):
        yield from _moved(snapshot, "volume", "it was taken of the disk")
    images = {one.id.rpartition("/")[2]: one.id for one in estate.of(MachineImage)}
    for image in estate.of(MachineImage):
        for id in read(image, "snapshots") or ():
            yield _edge(id, image.id, EdgeKind.COPIES_TO, (image, "snapshots", "the image holds the snapshot"))
    for machine in estate.of(Ec2Instance):
        made = images.get(read(machine, "image") or "")
        if made:
            yield _edge(machine.id, made, EdgeKind.IS_RUNNING, (machine, "image", "it was started from the image"))


def _databases(estate: Estate) -> Iterator[Edge]:
    names = {(one.scope, one.region, one.name): one.id for one in estate.of(RdsInstance)}
    clusters = {(one.scope, one.region, one.name): one.id for one in estate.of(RdsCluster)}
    for taken, of in ((RdsSnapshot, names), (RdsClusterSnapshot, clusters)):
        for snapshot in estate.of(taken):
            source = of.get((snapshot.scope, snapshot.region, read(snapshot, "database") or ""))
            if source:
                yield _edge(
                    source, snapshot.id, EdgeKind.COPIES_TO, (snapshot, "database", "it was taken of the database")
                )
    for database in (*estate.of(RdsInstance), *estate.of(RdsCluster)):
        place = (database.scope, database.region)
        source = read(database, "replica_of") or ""
        found = source if source.startswith("arn:") else names.get((*place, source)) or clusters.get((*place, source))
        if found:
            yield _edge(found, database.id, EdgeKind.COPIES_TO, (database, "replica_of", "it is a replica"))
    for member in estate.of(RdsInstance):
        cluster = clusters.get((member.scope, member.region, read(member, "cluster") or ""))
        if cluster:
            yield _edge(cluster, member.id, EdgeKind.CONTAINS, (member, "cluster", "it is a member of the cluster"))


def _buckets(estate: Estate) -> Iterator[Edge]:
    for bucket in estate.of(S3Bucket):
        for target in read(bucket, "replication") or ():
            yield _edge(bucket.id, target, EdgeKind.COPIES_TO, (bucket, "replication", "objects are replicated"))
        yield from _logged(bucket, "logging_target")
    for trail in estate.of(Trail):
        yield from _logged(trail, "bucket")
    for balancer in (*estate.of(LoadBalancer), *estate.of(ClassicLoadBalancer)):
        yield from _logged(balancer, "access_logs_bucket")
    for log in estate.of(FlowLog):
        target = read(log, "destination")
        if target and ":s3:::" in target:
            bucket_arn = target.partition("/")[0]
            proof = (log, "destination", "it delivers its records there")
            yield _edge(log.id, bucket_arn, EdgeKind.LOGS_TO, proof)


def _moved(copy: Asset, field: str, says: str) -> Iterator[Edge]:
    source = read(copy, field)
    if source:
        yield _edge(source, copy.id, EdgeKind.COPIES_TO, (copy, field, says))


def _logged(source: Asset, field: str) -> Iterator[Edge]:
    name = read(source, field)
    if name:
        partition = source.id.split(":", 2)[1]
        bucket = name if name.startswith("arn:") else f"arn:{partition}:s3:::{name}"
        yield _edge(source.id, bucket, EdgeKind.LOGS_TO, (source, field, "it delivers its logs there"))


def _edge(source: str, target: str, kind: EdgeKind, proof: tuple[Asset, str, str]) -> Edge:
    asset, field, says = proof
    evidence = (Evidence(asset=asset.id, field=field, says=says),)
    return Edge(source=source, target=target, kind=kind, evidence=evidence)


FAMILY = Family(Width.PROVIDER, find, "aws")
