"""A folder of CLI answers gives the same assets as the API does."""

import json
from urllib.parse import quote

import pytest
from botocore import xform_name

from poise.collect.aws import ec2, elb, vpc
from poise.collect.aws.reading.folder import FolderReader
from tests.collect.aws.recorded_reader import ACCOUNT, FOLDER, KEY, REGION, RecordedReader, collected


def lay_out(answers, folder):
    """Write recorded answers as the CLI would: pages joined, one file a call, one folder a parameter."""
    for call, answer in answers.items():
        name, *values = call.split("/", 1)
        service, operation = name.split(":")
        words = values[0].rsplit("/", 1) if values and _has_attribute(operation) else values
        base = folder / REGION / f"{service}-{xform_name(operation, '-')}"
        path = (
            base.joinpath(*(quote(word, safe="") for word in words)) if words else base.with_name(f"{base.name}.json")
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(_joined(answer if isinstance(answer, list) else [answer])))


def _has_attribute(operation):
    return operation.endswith("Attribute")


def _joined(pages):
    first, *rest = pages
    return {
        key: [item for page in (first, *rest) for item in page[key]] if rest and isinstance(value, list) else value
        for key, value in first.items()
    }


@pytest.mark.parametrize("service", [ec2, vpc, elb], ids=["ec2", "vpc", "elb"])
def test_folder_gives_the_assets_of_the_api(service, tmp_path):
    name = service.__name__.rpartition(".")[2]
    lay_out(json.loads((FOLDER / f"{name}.json").read_text()), tmp_path)
    folder = FolderReader(tmp_path, ACCOUNT, "aws", REGION, KEY)

    result = collected(service, folder)

    assert result.is_complete, result.gaps
    assert result.assets == collected(service, RecordedReader.load(name)).assets
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == folder.used
