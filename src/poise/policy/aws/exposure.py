"""Who outside of an account reaches an asset: the doors that checks, graph and pages ask.

`resource_policy_exposure` for queues, topics, keys, functions, secrets, registries; `trust_exposure` for
roles; `exposure_of_bucket`, `bucket_exposure` and `access_point_exposure` for S3.
"""

from poise.policy.answer import Audience, Exposure, Grant, Level, Reason
from poise.policy.aws.access_points import access_point_exposure
from poise.policy.aws.buckets import bucket_exposure, exposure_of_bucket
from poise.policy.aws.resources import resource_policy_exposure
from poise.policy.aws.transport import denies_insecure_transport
from poise.policy.aws.trust import trust_exposure

__all__ = [
    "Audience",
    "Exposure",
    "Grant",
    "Level",
    "Reason",
    "access_point_exposure",
    "bucket_exposure",
    "denies_insecure_transport",
    "exposure_of_bucket",
    "resource_policy_exposure",
    "trust_exposure",
]
