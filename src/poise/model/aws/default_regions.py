"""The regions that every account of a partition has, so that a reader can tell whether all were read.

Source: AWS Account Management Reference Guide, "Enable or disable AWS Regions": regions from before 2019 are enabled
by default and cannot be disabled. Later ones are opted into one by one.
"""

DEFAULT_REGIONS = {
    "aws": frozenset({
        "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-west-1", "eu-west-2",
        "eu-west-3", "eu-central-1", "eu-north-1", "ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
        "ap-southeast-1", "ap-southeast-2",
    }),
    "aws-cn": frozenset({"cn-north-1", "cn-northwest-1"}),
    "aws-us-gov": frozenset({"us-gov-west-1", "us-gov-east-1"}),
}  # fmt: skip
"""Partition -> regions."""
