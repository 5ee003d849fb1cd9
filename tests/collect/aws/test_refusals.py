"""What a cloud may answer instead of data: refused credentials, throttling, HTML, nothing; through real boto3."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from poise.app.doors import AwsWanted, open_aws
from poise.app.workspace import utc_now
from poise.collect.aws.connector import LiveAws, LiveChoice
from poise.collect.aws.reading.live import LiveSettings
from poise.model.errors import CredentialsError, NotRead, UsageError

IDENTITY = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::111122223333:user/x</Arn><UserId>AIDA</UserId><Account>111122223333</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>"""
# The error shapes of the query protocol and of S3 (AWS General Reference, Amazon S3 API reference).
QUERY_ERROR = "<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"
S3_ERROR = "<Error><Code>{code}</Code><Message>no</Message></Error>"
EC2_ERROR = "<Response><Errors><Error><Code>{code}</Code><Message>no</Message></Error></Errors></Response>"


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    """A loopback server that answers what ``replies`` holds: action, or method and path -> (status, body)."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            action = next((part[7:] for part in body.split("&") if part.startswith("Action=")), self.path.split("?")[0])
            status, text = self.server.replies.get(action, (404, "<html>nothing here</html>"))
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = answer  # noqa: N815 - names of the standard library

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.replies = {"GetCallerIdentity": (200, IDENTITY)}
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def signed_in(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")


@pytest.fixture
def door(server):
    made = LiveAws(LiveChoice(), LiveSettings(endpoint_url=url(server), max_attempts=1), utc_now)
    yield made
    made.close()


def url(server) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidClientTokenId", "SignatureDoesNotMatch"])
def test_refused_credentials_say_so_and_what_to_do(server, door, code):
    server.replies["GetCallerIdentity"] = (403, QUERY_ERROR.format(code=code))
    with pytest.raises(CredentialsError, match=f"{code}.*Sign in again"):
        door.scopes()


def test_credentials_that_expire_in_the_middle_are_told_from_a_missing_permission(server, door):
    (scope,) = door.scopes()
    server.replies["/"] = (400, S3_ERROR.format(code="ExpiredToken"))
    with pytest.raises(CredentialsError, match="ExpiredToken"):
        list(door._open().pages("s3", "ListBuckets", "Buckets"))
    assert scope.id == "111122223333"


REFUSALS = {
    "denied": (403, S3_ERROR.format(code="AccessDenied"), "AccessDenied"),
    "throttled out": (503, S3_ERROR.format(code="SlowDown"), "SlowDown"),
    # The SDK takes a good answer of S3 that is no XML for a failure of the server.
    "HTML instead of XML": (200, "<html><body>Service", "500"),
    "an error without a body": (500, "", "500"),
}


@pytest.mark.parametrize(("status", "body", "code"), REFUSALS.values(), ids=REFUSALS)
def test_any_other_answer_is_a_problem_with_its_call_and_code(server, door, status, body, code):
    door.scopes()
    server.replies["/"] = (status, body)
    with pytest.raises(NotRead) as met:
        list(door._open().pages("s3", "ListBuckets", "Buckets"))
    assert (met.value.call, met.value.code) == ("s3:ListBuckets", code)
    assert met.value.is_denied == (code == "AccessDenied")


@pytest.mark.parametrize("body", ["<html><body>Service", '{"Users": []}', "\x00"], ids=["HTML", "JSON", "binary"])
def test_an_answer_that_is_not_what_the_api_promises_is_malformed(server, door, body):
    door.scopes()
    server.replies["ListUsers"] = (200, body)
    with pytest.raises(NotRead) as met:
        list(door._open().pages("iam", "ListUsers", "Users"))
    assert (met.value.call, met.value.code) == ("iam:ListUsers", "malformed")


def test_a_server_that_does_not_answer_is_unreachable(server, door):
    door.scopes()
    server.shutdown()
    server.server_close()
    with pytest.raises(NotRead) as met:
        list(door._open().pages("s3", "ListBuckets", "Buckets"))
    assert met.value.code == "unreachable"


def test_without_a_region_the_regions_of_the_account_are_asked_for(server, door):
    (scope,) = door.scopes()
    regions = "<regionInfo><item><regionName>eu-west-1</regionName></item></regionInfo>"
    server.replies["DescribeRegions"] = (200, f"<DescribeRegionsResponse>{regions}</DescribeRegionsResponse>")
    assert {key.region for key in door.partitions(scope)} == {"global", "eu-west-1"}


def test_regions_that_cannot_be_asked_for_must_be_named(server, door):
    (scope,) = door.scopes()
    server.replies["DescribeRegions"] = (403, EC2_ERROR.format(code="UnauthorizedOperation"))
    with pytest.raises(UsageError, match="pass --region"):
        door.partitions(scope)


def test_a_service_that_there_is_not_is_refused_with_those_that_there_are():
    with pytest.raises(UsageError, match="s3"):
        open_aws(utc_now, b"", AwsWanted(services=("s4",)))
