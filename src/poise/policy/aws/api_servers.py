"""Who reaches the API server of an EKS cluster at its public address.

Source: EKS User Guide, "Cluster API server endpoint": without ranges the public address lets in everybody.
"""

from __future__ import annotations

from poise.model.aws.eks import EksCluster
from poise.policy.answer import Audience, Exposure, Grant, Level, Reason
from poise.policy.intervals import V4, V6, IpSet, internet

SOURCE = "public ranges"


def public_sources(cluster: EksCluster) -> IpSet:
    """Return the addresses that the public address lets in; none if it has none."""
    if not cluster.public_endpoint:
        return IpSet()
    return IpSet.from_cidrs(cluster.public_ranges) if cluster.public_ranges else internet()


def is_open_to_all(cluster: EksCluster) -> bool:
    """Say whether the whole internet of one family of addresses reaches the API server."""
    sources = public_sources(cluster)
    return sources.is_internet(V4) or sources.is_internet(V6)


def api_server_exposure(cluster: EksCluster) -> Exposure:
    """Judge how far the API server is open to the network; who may do what there the cluster decides."""
    if not cluster.public_endpoint:
        return Exposure(Level.PRIVATE, (Reason("its API server has no public address", source=SOURCE),))
    if is_open_to_all(cluster):
        return Exposure(Level.PUBLIC, (Reason("the whole internet reaches its API server", source=SOURCE),))
    told = ", ".join(cluster.public_ranges)
    reason = Reason(f"its API server lets in {told}", source=SOURCE)
    return Exposure(Level.RESTRICTED, (reason,), (Grant(Audience.NETWORK, told, ("reach it",), reason),))
