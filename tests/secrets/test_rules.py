"""Recall and precision over the labelled texts, and what may be kept of a secret."""

import hashlib
import hmac

import msgspec
import pytest

from poise.secrets import catalog
from poise.secrets.scan import scan_text
from tests.secrets.labelled import INNOCENT, SECRETS

KEY = b"store key"


def ids(rows):
    return [f"{i}-{row[1] if isinstance(row, tuple) else row[:24]!r}" for i, row in enumerate(rows)]


@pytest.mark.parametrize("row", SECRETS, ids=ids(SECRETS))
def test_a_secret_is_seen_by_its_rule(row):
    _, rule, text, secret = row
    around = f"# first line\n\n{text}\n# last line\n"

    hits = scan_text(around, KEY).hits

    assert rule in [hit.rule for hit in hits]
    if secret is not None:
        fingerprint = hmac.new(KEY, secret.encode(), hashlib.sha256).hexdigest()[:12]
        assert fingerprint in [hit.fingerprint for hit in hits if hit.rule == rule]


@pytest.mark.parametrize("text", INNOCENT, ids=ids(INNOCENT))
def test_an_innocent_text_gives_no_hit(text):
    assert scan_text(f"# first line\n{text}\n# last line\n", KEY).hits == ()


@pytest.mark.parametrize("row", SECRETS, ids=ids(SECRETS))
def test_nothing_of_the_text_is_kept(row):
    _, _, text, secret = row

    kept = msgspec.json.encode(scan_text(text, KEY)).decode()

    assert text not in kept
    assert secret is None or secret not in kept


def test_every_rule_has_a_labelled_text():
    labelled = {row[1] for row in SECRETS}
    others = {"pypi_token", "slack_webhook", "anthropic_key", "sendgrid_key", "twilio_key", "hugging_face_token",
              "vault_token", "google_oauth_secret", "azure_key", "azure_service_bus_key"}  # fmt: skip
    assert {rule.name for rule in catalog.load()} - labelled == others


def test_keywords_are_in_lower_case_and_in_order_of_exactness():
    assert all(keyword == keyword.lower() for rule in catalog.load() for keyword in rule.keywords)
    names = [rule.name for rule in catalog.load()]
    assert names.index("ssh_private_key") < names.index("azure_storage_key") < names.index("url_password")
