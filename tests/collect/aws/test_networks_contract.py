"""What holds for the services of machines, networks and load balancers alike."""

import inspect
import json

import botocore.session
import pytest
from botocore.validate import ParamValidator

from poise.collect.aws import ec2, elb, vpc
from poise.model import kinds
from poise.model.asset import field_types
from tests.collect.aws.recorded_reader import FOLDER, RecordedReader, collected, states

SERVICES = (ec2, vpc, elb)
NAMES = [service.__name__.rpartition(".")[2] for service in SERVICES]
PAGES = [
    (call, page)
    for name in NAMES
    for call, answer in json.loads((FOLDER / f"{name}.json").read_text()).items()
    for page in (answer if isinstance(answer, list) else [answer])
]
CLASSES = {kind.__name__: kind for kind in kinds.by_kind().values() if kind.PROVIDER == "aws"}


CALLS = sorted({(NAMES[n], read.call) for n, service in enumerate(SERVICES) for read in service.READS})


@pytest.mark.parametrize(("call", "page"), PAGES)
def test_recorded_page_is_true_to_the_shape_of_the_api(call, page):
    service, operation = call.split("/")[0].split(":")
    shape = botocore.session.get_session().get_service_model(service).operation_model(operation).output_shape

    report = ParamValidator().validate(page, shape)

    assert not report.has_errors(), report.generate_report()


@pytest.mark.parametrize("service", SERVICES, ids=NAMES)
def test_recorded_region_is_read_whole(service):
    result = collected(service, RecordedReader.load(service.__name__.rpartition(".")[2]))

    assert result.is_complete, result.gaps
    assert set(states(result).values()) == {"complete"}
    assert not [(asset, dict(asset.unread)) for asset in result.assets if asset.unread]


@pytest.mark.parametrize("service", SERVICES, ids=NAMES)
def test_reads_are_the_calls_that_are_made(service):
    reader = RecordedReader.load(service.__name__.rpartition(".")[2])
    collected(service, reader)

    assert set(reader.calls) == {read.call for read in service.READS}


@pytest.mark.parametrize("service", SERVICES, ids=NAMES)
def test_reads_feed_kinds_and_fields_that_exist(service):
    for read in service.READS:
        for fed in read.feeds:
            kind, _, field = fed.partition(".")
            assert not field or field in field_types(CLASSES[kind])


@pytest.mark.parametrize("service", SERVICES, ids=NAMES)
def test_each_kind_that_is_read_has_a_listing(service):
    result = collected(service, RecordedReader.load(service.__name__.rpartition(".")[2]))

    fed = {CLASSES[fed.split(".")[0]].KIND for read in service.READS for fed in read.feeds}
    assert set(states(result)) == fed
    assert {asset.KIND for asset in result.assets} == fed


@pytest.mark.parametrize(("name", "call"), CALLS)
def test_denied_call_is_a_gap_with_its_permission_and_loses_only_what_it_feeds(name, call):
    service, reader = SERVICES[NAMES.index(name)], RecordedReader.load(name)
    for recorded in [one for one in reader.answers if one.split("/")[0] == call]:
        reader.fails(recorded, "AccessDenied")

    result = collected(service, reader)

    read = next(read for read in service.READS if read.call == call)
    assert {gap.permission for gap in result.gaps if gap.call == call} == {read.permission}
    lost = {f"{type(asset).__name__}.{field}" for asset in result.assets for field in asset.unread}
    unlisted = {kind for kind, state in states(result).items() if state != "complete"}
    follows = {"LoadBalancer.rules"} if call == "elbv2:DescribeListeners" else set()
    assert lost <= set(read.feeds) | follows
    assert unlisted <= {CLASSES[fed].KIND for fed in read.feeds if "." not in fed}
    assert lost or unlisted


def test_no_secret_reaches_records_or_raw_answers():
    result = collected(ec2, RecordedReader.load("ec2"))

    assert "hunter2" not in repr((result.raw, [asset.known() for asset in result.assets]))
    assert "aHVudGVyMi" not in repr(result.raw)
    assert inspect.getdoc(ec2)
