"""Places, fingerprints, wrappings, variables, and hostile texts."""

import base64
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poise.secrets.scan import MOST_BYTES, scan_text, scan_variables
from tests.secrets.labelled import PASSWORD, SECRET

KEY = b"store key"
SCRIPT = f"#!/bin/bash\nyum update\nexport DB_PASSWORD='{PASSWORD}'\n"


def places(scanned):
    return [(hit.rule, hit.place) for hit in scanned.hits]


def test_the_place_is_the_line():
    assert places(scan_text(SCRIPT, KEY)) == [("password", "line 3")]


def test_equal_secrets_join_by_fingerprint_under_one_key_only():
    first, second = (scan_text(text, KEY).hits[0] for text in (SCRIPT, f"password={PASSWORD}"))

    assert first.fingerprint == second.fingerprint
    assert scan_text(SCRIPT, b"another").hits[0].fingerprint != first.fingerprint
    assert first.last_four == PASSWORD[-4:]


def test_a_short_secret_shows_none_of_its_characters():
    assert scan_text("password=hunter22", KEY).hits[0].last_four == ""


def test_the_digest_tells_whether_the_text_changed():
    assert scan_text(SCRIPT, KEY).digest == scan_text(SCRIPT, KEY).digest != scan_text(SCRIPT + " ", KEY).digest
    assert scan_text(SCRIPT, KEY).length == len(SCRIPT)


def test_only_the_named_rules_are_used_if_names_are_given():
    text = f"password={PASSWORD}\naws_secret_access_key={SECRET}"

    assert [h.rule for h in scan_text(text, KEY, names={"password"}).hits] == ["password"]
    assert [h.rule for h in scan_text(text, KEY, names={"aws_secret_access_key"}).hits] == ["aws_secret_access_key"]


@pytest.mark.parametrize(
    "wrapped",
    [
        base64.b64encode(SCRIPT.encode()).decode(),
        base64.encodebytes(SCRIPT.encode() * 3).decode(),
        base64.b64encode(gzip.compress(SCRIPT.encode())).decode(),
        base64.b64encode(base64.b64encode(SCRIPT.encode())).decode(),
        "powershell -EncodedCommand " + base64.b64encode(SCRIPT.encode("utf-16-le")).decode(),
        f"write_files:\n- encoding: b64\n  content: {base64.b64encode(SCRIPT.encode()).decode()}\n",
        f"SCRIPT={base64.b64encode(SCRIPT.encode()).decode()}\necho $SCRIPT | base64 -d | sh\n",
        f"Content-Transfer-Encoding: base64\n\n{base64.encodebytes(SCRIPT.encode() * 3).decode()}\n--x--",
    ],
    ids=["base64", "base64 lines", "gzip", "twice", "powershell", "cloud-init", "behind an equals sign", "mime"],
)
def test_wrapped_scripts_are_opened(wrapped):
    hits = scan_text(wrapped, KEY).hits

    assert "password" in [hit.rule for hit in hits]
    assert all("encoded" in hit.place for hit in hits)


def test_a_bomb_is_opened_only_so_far():
    bomb = base64.b64encode(gzip.compress(b" " * 40_000_000, 9)).decode()
    assert scan_text(bomb, KEY).hits == ()


def test_what_lies_beyond_the_limit_is_counted_and_not_scanned():
    text = "#" * MOST_BYTES + f"\npassword={PASSWORD}"

    scanned = scan_text(text, KEY)

    assert (scanned.hits, scanned.unscanned) == ((), len(text) - MOST_BYTES)
    assert scan_text(SCRIPT, KEY).unscanned == 0


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"STRIPE_SECRET": "not-a-real-secret-value-1234"}, [("secret_value", "STRIPE_SECRET")]),
        ({"DB_PASSWORD": "hunter2"}, [("password", "DB_PASSWORD")]),
        ({"DB_PASSWORD": "two words 12"}, [("password", "DB_PASSWORD")]),
        ({"dbPassword": "correct horse"}, [("password", "dbPassword")]),
        ({"AWS_SECRET_ACCESS_KEY": SECRET}, [("aws_secret_access_key", "AWS_SECRET_ACCESS_KEY")]),
        ({"DATABASE_URL": f"postgres://a:{PASSWORD}@db/x"}, [("url_password", "DATABASE_URL")]),
        ({"CONFIG": f'{{"password": "{PASSWORD}"}}'}, [("password", "CONFIG")]),
        ({"CONFIG": base64.b64encode(SCRIPT.encode()).decode()}, [("password", "CONFIG")]),
        (
            {"B": "x", "A_PASS": "s3cret!", "C_TOKEN": "abc123def456"},
            [("password", "A_PASS"), ("secret_value", "C_TOKEN")],
        ),
    ],
)
def test_variables_with_secrets(variables, expected):
    assert places(scan_variables(variables, KEY)) == expected


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"LOG_LEVEL": "info", "TABLE": "orders", "STAGE": "prod", "REGION": "eu-west-1"},
        {"DB_PASSWORD": ""},
        {"DB_PASSWORD": "changeme"},
        {"DB_SECRET_ARN": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"},
        {"DB_PASSWORD": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"},
        {"DB_PASSWORD": "/prod/shop/db-password"},
        {"DB_PASSWORD": "{{resolve:ssm-secure:db:1}}"},
        {"DB_PASSWORD": "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/db)"},
        {"SECRET_NAME": "prod/db1", "TOKEN_URL": "https://id.example.org/token", "PASSWORD_MIN_LENGTH": "12345"},
        {"STRIPE_KEY": "pk_live_0123456789abcdefABCDEF"},
        {"API_KEY_ID": "abcdef1234567890"},
        {"USE_TOKEN": "true", "SESSION_TOKEN": "None"},
        {"CLIENT_SECRET": "${CLIENT_SECRET}"},
    ],
)
def test_variables_without_secrets(variables):
    assert scan_variables(variables, KEY).hits == ()


def test_variables_keep_neither_names_nor_values_beyond_the_hits():
    scanned = scan_variables({"PLAIN_NAME": "plain value"}, KEY)

    assert "PLAIN" not in repr(scanned)
    assert scanned.length == len("PLAIN_NAME") + len("plain value")
    assert scanned.digest == scan_variables({"PLAIN_NAME": "plain value"}, KEY).digest


@pytest.mark.parametrize(
    "piece",
    ["password=", "secret_key = ", "://a:b@", "eyJ", "akia", "rds.amazonaws.com;", "sig=&sv=2020-01-01", "curl -u ",
     "-----BEGIN RSA PRIVATE KEY-----\n", "base64 QUJD\n", "chpasswd <<EOF\n", "a.database.windows.net;password=;",
     "\x00", "é", "\ud800", "[[[", '"""', "pass'"],
)  # fmt: skip
def test_a_hostile_text_is_scanned_in_linear_time(piece):
    text = piece * (200_000 // len(piece))
    assert len(scan_text(text, KEY).hits) <= 1000


@given(
    st.lists(
        st.sampled_from(
            ["password", "=", "'", '"', ":", "//", "@", ";", "\n", " ", "eyJ", "AKIA", "a1B2c3D4", "{", "é"]
        )
    )
)
def test_any_mixture_of_pieces_is_scanned_and_places_are_lines(pieces):
    text = "".join(pieces)

    scanned = scan_text(text, KEY)

    assert scanned == scan_text(text, KEY)
    assert all(1 <= int(hit.place.split()[1].strip(",")) <= text.count("\n") + 1 for hit in scanned.hits)


@given(st.text(), st.text())
def test_any_variable_is_scanned(name, value):
    assert all(hit.place == name for hit in scan_variables({name: value}, KEY).hits)
