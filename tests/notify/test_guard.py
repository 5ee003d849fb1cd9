"""What a server calls on behalf of people: only what is public, or allowed by name."""

import pytest

from poise.notify.delivery import NotDelivered
from poise.notify.guard import pinned


def at(*addresses):
    return lambda host, port: addresses


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "169.254.170.2",
        "168.63.129.16",
        "100.64.0.1",
        "100.100.100.200",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a00:1",
        "2001:0:7f00:1::",
        "::ffff:0:7f00:1",
        "::ffff:0:a9fe:a9fe",
        "2001:db8::1",
        "fec0::1",
        "feff::1",
        "64:ff9b:1:7f00:0:100::",
        "3fff::1",
        "5f00::1",
        "192.88.99.1",
        "2002:c058:6301::1",
    ],
)
def test_a_name_that_leads_inside_is_refused_for_good(address):
    with pytest.raises(NotDelivered) as refused:
        pinned("https://hook.example.org/x", (), at(address))
    assert refused.value.is_final


def test_one_address_inside_spoils_a_name():
    with pytest.raises(NotDelivered):
        pinned("https://hook.example.org/", (), at("93.184.215.14", "10.0.0.1"))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:5db8:d70e"])
def test_a_public_address_is_called_as_it_was_looked_at(address):
    place = pinned("https://hook.example.org:8443/a?b=c", (), at(address))
    assert (place.address, place.host, place.port, place.target) == (address, "hook.example.org", 8443, "/a?b=c")
    assert place.host_header == "hook.example.org:8443"
    assert f"[{address}]" in place.url if ":" in address else address in place.url


def test_the_name_is_resolved_once():
    answers = iter([["93.184.215.14"], ["127.0.0.1"]])
    assert pinned("https://rebinding.example.org/", (), lambda host, port: next(answers)).address == "93.184.215.14"


@pytest.mark.parametrize("allowed", [("hook.corp",), ("HOOK.corp",), ("10.0.0.0/8",), ("10.1.2.3",)])
def test_what_is_private_may_be_allowed_by_name_or_network(allowed):
    assert pinned("http://hook.corp/", allowed, at("10.1.2.3")).address == "10.1.2.3"
    with pytest.raises(NotDelivered):
        pinned("http://other.corp/", allowed, at("192.168.0.1"))


@pytest.mark.parametrize(
    "address",
    [
        *("169.254.169.254", "::ffff:169.254.169.254", "168.63.129.16", "fd00:ec2::254"),
        *("169.254.170.23", "fd00:ec2::23", "fd20:ce::254", "192.0.0.192"),
    ],
)
def test_services_that_give_credentials_are_never_called(address):
    with pytest.raises(NotDelivered, match="credentials"):
        pinned("http://hook.corp/", ("hook.corp", "0.0.0.0/0", "::/0"), at(address))


def test_without_tls_only_what_is_allowed_is_called():
    with pytest.raises(NotDelivered, match="without TLS"):
        pinned("http://hook.example.org/", (), at("93.184.215.14"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hook.example.org",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:25/",
        "https://",
        "https://user:pass@example.org/",
        "https://example.org\\@127.0.0.1/",
        "https://example.org/ x",
        "https://example.org/\r\nHost: x",
        "https://example.org:99999/",
        "https://[::1/",
        "https://exämple.org/",
    ],
)
def test_what_is_no_plain_url_is_refused(url):
    with pytest.raises(NotDelivered):
        pinned(url, (), at("93.184.215.14"))


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "localhost", "[::1]", "0177.0.0.1"])
def test_other_spellings_of_this_machine_are_refused(host):
    with pytest.raises(NotDelivered):
        pinned(f"https://{host}/", ())


def test_a_name_that_is_not_there_may_be_tried_again():
    def nothing(host, port):
        raise OSError("no such name")

    with pytest.raises(NotDelivered) as failed:
        pinned("https://hook.example.org/", (), nothing)
    assert not failed.value.is_final
