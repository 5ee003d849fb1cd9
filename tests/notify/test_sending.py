"""Messages over real servers: mail by SMTP, webhooks that are signed, chats."""

import email
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from email import policy
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from poise.model.notice import EventKind, Item, Notice, Section
from poise.notify import chat, mail, webhook
from poise.notify.calling import Answer, Caller, require_taken
from poise.notify.delivery import MailSecurity, MailServer, NotDelivered
from tests.notify.servers import Inbox, http_server, smtp_server

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HOSTILE = '<b onmouseover="x">\r\nBcc: eve@evil.example\u202e & co'
NOTICE = Notice(
    event=EventKind.DIGEST,
    subject="Poise: 1 overdue, 1 on time",
    lead="You own 3 findings: 1 overdue, 2 on time.",
    sections=(
        Section(
            "Overdue",
            (
                Item(
                    title="S3 buckets should not be open to everyone",
                    where="arn:aws:s3:::shop in 111122223333",
                    level="critical",
                    note="due 2026-02-28",
                    link="https://poise.example.org/findings/0123456789abcdef0123",
                ),
            ),
        ),
        Section("On time", (Item(title=HOSTILE, where=HOSTILE, level="low", note="due 2026-03-09"),), more=1),
    ),
    made_at=NOW,
    link="https://poise.example.org/recommendations?view=flat&owner=ann@example.org",
)
SENDER, ANN = "poise@example.org", "ann@example.org"


def server(inbox, security=MailSecurity.NONE, **more):
    return MailServer("127.0.0.1", inbox.port, security, SENDER, timeout_s=5, **more)


def message(notice=NOTICE, key="k"):
    return mail.message_of(notice, ANN, SENDER, key)


@pytest.mark.parametrize("part", ["plain", "html"])
def test_the_digest_reads_as_it_should(part):
    body = message().get_body((part,)).get_content()
    path = GOLDEN / f"digest.{'txt' if part == 'plain' else 'html'}"
    assert body == path.read_text(encoding="utf-8")


def test_what_others_named_adds_no_header_and_no_element():
    one = message(Notice(event=EventKind.TEST, subject=HOSTILE, lead=HOSTILE, made_at=NOW))
    assert one["Bcc"] is None
    assert "\n" not in one["Subject"]
    assert "<b " not in one.get_body(("html",)).get_content()


def test_the_same_message_has_the_same_id_and_another_one_another():
    assert message()["Message-ID"] == message()["Message-ID"]
    assert message()["Message-ID"] != message(key="other")["Message-ID"]
    assert message()["Message-ID"].endswith("@example.org>")


def test_mail_arrives_with_both_forms():
    with smtp_server() as inbox:
        mail.send(server(inbox), message(), ANN)
    sender, receivers, content = inbox.mails[0]
    assert (sender, receivers) == (SENDER, [ANN])
    found = email.message_from_bytes(content, policy=policy.default)
    assert found["Subject"] == NOTICE.subject
    assert found["Date"].datetime == NOW
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    ("reply", "is_final"),
    [("550 No such user", True), ("450 Greylisted, come again", False), ("452 Full", False), ("553 Not here", True)],
)
def test_a_receiver_that_is_refused_is_told_for_good_or_for_now(reply, is_final):
    with smtp_server(Inbox({ANN: [reply]})) as inbox, pytest.raises(NotDelivered) as refused:
        mail.send(server(inbox), message(), ANN)
    assert refused.value.is_final is is_final
    assert reply[:3] in str(refused.value)


def test_greylisted_mail_arrives_the_second_time():
    with smtp_server(Inbox({ANN: ["450 Greylisted"]})) as inbox:
        with pytest.raises(NotDelivered):
            mail.send(server(inbox), message(), ANN)
        mail.send(server(inbox), message(), ANN)
    assert len(inbox.mails) == 1


def test_content_that_is_refused_is_final():
    with smtp_server(Inbox(data_reply="554 Looks like spam")) as inbox, pytest.raises(NotDelivered) as refused:
        mail.send(server(inbox), message(), ANN)
    assert refused.value.is_final


def test_a_server_that_does_not_listen_is_tried_again():
    with smtp_server() as inbox:
        pass
    with pytest.raises(NotDelivered) as failed:
        mail.send(server(inbox), message(), ANN)
    assert not failed.value.is_final


def test_a_server_without_starttls_gets_nothing_in_clear():
    with smtp_server() as inbox, pytest.raises(NotDelivered, match="does not offer"):
        mail.send(server(inbox, MailSecurity.STARTTLS), message(), ANN)
    assert not inbox.mails


def test_a_password_is_asked_for_and_never_told():
    with smtp_server(Inbox(users={"poise": "right"})) as inbox:
        mail.send(server(inbox, user="poise", password="right"), message(), ANN)
        with pytest.raises(NotDelivered) as refused:
            mail.send(server(inbox, user="poise", password="wrong-secret"), message(), ANN)
    assert len(inbox.mails) == 1
    assert "wrong-secret" not in f"{refused.value}{server(inbox, password='wrong-secret')!r}"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    import ipaddress

    names = x509.SubjectAlternativeName(
        [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("hook.example.org")]
    )
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return path, context


def test_starttls_checks_the_certificate(certificate):
    path, context = certificate
    with smtp_server(tls_context=context) as inbox:
        mail.send(server(inbox, MailSecurity.STARTTLS, ca_file=str(path)), message(), ANN)
        with pytest.raises(NotDelivered):
            mail.send(server(inbox, MailSecurity.STARTTLS), message(), ANN)
    assert len(inbox.mails) == 1


def test_tls_from_the_start(certificate):
    path, context = certificate
    with smtp_server(ssl_context=context) as inbox:
        mail.send(server(inbox, MailSecurity.TLS, ca_file=str(path)), message(), ANN)
    assert len(inbox.mails) == 1


CALLER = Caller(allowed=("127.0.0.1",))
SIGNING = ("the-key", b"shared", NOW)


def test_a_webhook_is_signed_over_time_and_body():
    with http_server() as hook:
        webhook.send(CALLER, f"{hook.url}/in?x=1", NOTICE, SIGNING)
    request = hook.requests[0]
    assert request.path == "/in?x=1"
    stamp, given = request.headers["poise-timestamp"], request.headers["poise-signature"]
    assert stamp == str(int(NOW.timestamp()))
    assert webhook.is_signed(b"shared", stamp, request.body, given)
    assert not webhook.is_signed(b"other", stamp, request.body, given)
    assert not webhook.is_signed(b"shared", str(int(stamp) + 1), request.body, given)
    assert not webhook.is_signed(b"shared", stamp, request.body + b" ", given)
    assert request.headers["poise-delivery"] == "the-key"
    assert request.json["format_version"] == 1
    assert request.json["event"] == "digest"


def test_the_signature_is_the_one_of_a_worked_example():
    # printf '1772438400.{}' | openssl dgst -sha256 -hmac shared
    import hashlib
    import hmac

    expected = hmac.digest(b"shared", b"1772438400.{}", hashlib.sha256).hex()
    assert webhook.signature(b"shared", "1772438400", b"{}") == f"v1={expected}"


@pytest.mark.parametrize(
    ("status", "is_final"),
    [(400, True), (403, True), (404, True), (410, True), (408, False), (429, False), (503, False)],
)
def test_what_a_webhook_answers_says_whether_to_try_again(status, is_final):
    with http_server(lambda request: (status, None)) as hook:
        hook.headers["Retry-After"] = "120"
        with pytest.raises(NotDelivered) as refused:
            webhook.send(CALLER, hook.url, NOTICE, SIGNING)
    assert refused.value.is_final is is_final
    assert refused.value.wait_s == 120


@pytest.mark.parametrize(
    ("asked", "date", "wait_s"),
    [
        ("120", "", 120),
        ("99999999", "", 6 * 3600),
        ("Fri, 31 Dec 1999 23:59:59 GMT", "Fri, 31 Dec 1999 23:58:59 GMT", 60),
        ("Fri, 31 Dec 1999 23:59:59 GMT", "Sat, 01 Jan 2000 00:00:00 GMT", 0),
        ("Fri, 31 Dec 2099 23:59:59 GMT", "Fri, 31 Dec 1999 23:58:59 GMT", 6 * 3600),
        ("Fri, 31 Dec 1999 23:59:59 GMT", "", None),
        ("Fri, 31 Dec 1999 23:59:59 -0000", "Fri, 31 Dec 1999 23:58:59 GMT", None),
        ("soon", "Fri, 31 Dec 1999 23:58:59 GMT", None),
        ("-5", "", None),
        ("\u0663", "", None),
        ("", "", None),
    ],
)
def test_a_receiver_says_in_seconds_or_by_its_own_clock_how_long_to_wait(asked, date, wait_s):
    # RFC 9110, section 10.2.3: Retry-After is a date, or seconds; its example of a date.
    with pytest.raises(NotDelivered) as refused:
        require_taken(Answer(503, b"", {"retry-after": asked, "date": date}), "The receiver")
    assert refused.value.wait_s == wait_s


def test_a_redirect_is_not_followed():
    with http_server() as inside, http_server(lambda request: (302, None)) as hook:
        hook.headers["Location"] = inside.url
        with pytest.raises(NotDelivered, match="redirect") as refused:
            webhook.send(CALLER, hook.url, NOTICE, SIGNING)
    assert refused.value.is_final
    assert not inside.requests


def test_a_webhook_on_a_private_address_is_never_called():
    with http_server() as hook, pytest.raises(NotDelivered) as refused:
        webhook.send(Caller(), hook.url, NOTICE, SIGNING)
    assert refused.value.is_final
    assert not hook.requests


def test_the_call_goes_to_the_address_that_was_looked_at_under_its_name():
    with http_server() as hook:
        caller = Caller(allowed=("hook.corp",), resolver=lambda host, port: ["127.0.0.1"])
        webhook.send(caller, hook.url.replace("127.0.0.1", "hook.corp"), NOTICE, SIGNING)
    assert hook.requests[0].headers["host"].startswith("hook.corp:")


def test_a_pinned_call_checks_the_certificate_for_the_name(certificate):
    path, context = certificate
    with http_server() as hook:
        pass
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *words):
            return

    served = HTTPServer(("127.0.0.1", 0), Handler)
    served.socket = context.wrap_socket(served.socket, server_side=True)
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    trusting = httpx.Client(verify=ssl.create_default_context(cafile=str(path)), trust_env=False)
    caller = Caller(("127.0.0.0/8",), lambda host, port: ["127.0.0.1"], trusting)
    try:
        webhook.send(caller, f"https://hook.example.org:{served.server_port}/", NOTICE, SIGNING)
        with pytest.raises(NotDelivered):
            webhook.send(caller, f"https://another.example.org:{served.server_port}/", NOTICE, SIGNING)
    finally:
        served.shutdown()
        served.server_close()
        thread.join()
    assert hook.requests == []


def test_an_answer_without_end_is_cut():
    with http_server(lambda request: (200, "x" * 3_000_000)) as hook, pytest.raises(NotDelivered, match="too long"):
        webhook.send(CALLER, hook.url, NOTICE, SIGNING)


def test_a_server_that_is_down_is_said_without_its_address():
    with http_server() as hook:
        pass
    with pytest.raises(NotDelivered) as failed:
        webhook.send(CALLER, f"{hook.url}/secret-path", NOTICE, SIGNING)
    assert not failed.value.is_final
    assert "secret-path" not in str(failed.value)


def test_slack_gets_blocks_in_its_limits_and_nothing_that_it_would_read_as_its_own():
    many = tuple(Item(title="<!channel> " * 60, where="x" * 400, level="high") for _ in range(100))
    body = chat.slack(
        Notice(event=EventKind.TEST, subject="s" * 500, lead="l", sections=(Section("t", many),), made_at=NOW)
    )
    assert len(body["blocks"][0]["text"]["text"]) <= 150
    assert all(len(block["text"]["text"]) <= 3000 for block in body["blocks"])
    assert "<!channel>" not in str(body)
    assert "&lt;!channel&gt;" in str(body)


def test_teams_gets_one_adaptive_card():
    body = chat.teams(NOTICE)
    card = body["attachments"][0]
    assert card["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert card["content"]["type"] == "AdaptiveCard"
    assert card["content"]["actions"][0]["url"] == NOTICE.link
    with http_server() as hook:
        chat.send(CALLER, hook.url, body)
    assert hook.requests[0].json == body


def test_each_call_has_a_connection_of_its_own():
    with socket.create_server(("127.0.0.1", 0)) as server:
        answered = threading.Thread(target=answer_once_each, args=(server, 2))
        answered.start()
        for _ in range(2):
            assert CALLER.call("POST", f"http://127.0.0.1:{server.getsockname()[1]}/", {}, b"{}").status == 204
        answered.join()


def answer_once_each(server, calls):
    """Answer the first call of each connection, and keep it open."""
    server.settimeout(5)
    kept = []
    for _ in range(calls):
        connection, _ = server.accept()
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n")
        kept.append(connection)
    for each in kept:
        each.close()
