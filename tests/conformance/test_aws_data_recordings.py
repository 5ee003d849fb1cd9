"""Recorded answers of real accounts for the data services: everything is understood, nothing is invented."""

import gzip
import json
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from poise.collect.aws import awslambda, cloudtrail, kms, rds, s3
from poise.collect.facts import Found
from poise.model.errors import NotRead
from tests.collect.aws.answers import Answers

DATA = Path(__file__).parents[3] / "shared" / "data" / "aws" / "c7n-placebo"
SERVICES = {"s3": s3, "rds": rds, "kms": kms, "cloudtrail": cloudtrail, "lambda": awslambda}
TIME = ("year", "month", "day", "hour", "minute", "second", "microsecond")


class Recorded(dict):
    """The answers of one recording; a call that is not in it was not recorded."""

    def __missing__(self, call):
        return NotRead(call, "not_in_export", f"{call} was not recorded")


def revived(value):
    """Return a recorded value with its times as boto3 gives them."""
    if isinstance(value, dict) and value.get("__class__") == "datetime":
        return datetime(*(value.get(part, 0) for part in TIME), tzinfo=UTC)
    if isinstance(value, dict):
        return {key: revived(inner) for key, inner in value.items()}
    return [revived(inner) for inner in value] if isinstance(value, list) else value


def recordings(service):
    """Return scenario -> the first answer to each of its calls."""
    scenarios = defaultdict(Recorded)
    with gzip.open(DATA / f"{service}.jsonl.gz", "rt") as lines:
        for row in map(json.loads, lines):
            call, data = f"{service}:{row['op']}", revived(row["data"])
            if row["status"] >= 400:
                data = NotRead(call, data.get("Error", {}).get("Code", "unknown"), "recorded failure")
            scenarios[row["scenario"]].setdefault(call, data)
    return scenarios


@pytest.mark.skipif(not DATA.exists(), reason="needs c7n-placebo of the shared data, which is not beside this project")
@pytest.mark.parametrize(
    ("service", "least"), [("s3", 180), ("rds", 119), ("kms", 110), ("cloudtrail", 25), ("lambda", 40)]
)
def test_recorded_answers_become_assets(service, least):
    assets = []
    for answers in recordings(service).values():
        trails = answers.get("cloudtrail:DescribeTrails")
        homes = {t.get("HomeRegion") for t in trails["trailList"]} if trails else {"us-east-1"}
        for region in homes:
            pieces = list(SERVICES[service].collect(Answers(answers, region=region)))
            assets += [piece.asset for piece in pieces if isinstance(piece, Found)]

    assert len(assets) >= least
    assert all(asset.id.startswith("arn:aws:") and asset.name for asset in assets)
    assert not [reason for asset in assets for reason in asset.unread.values() if reason.startswith("malformed")]
