"""What a name promises of its value."""

import pytest

from poise.secrets.names import Kind, kind_of


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("DB_PASSWORD", Kind.PASSWORD),
        ("dbPassword", Kind.PASSWORD),
        ("PGPASSWORD", Kind.PASSWORD),
        ("DB_PASSWORD_2", Kind.PASSWORD),
        ("MYSQL_PASS", Kind.PASSWORD),
        ("userpwd", Kind.PASSWORD),
        ("dbpass", Kind.PASSWORD),
        ("clientSecret", Kind.SECRET),
        ("STRIPE_SECRET_LIVE", Kind.SECRET),
        ("github-token", Kind.SECRET),
        ("x-api-key", Kind.SECRET),
        ("STRIPE_KEY", Kind.KEY),
        ("key", None),
        ("PASSWORD_MIN_LENGTH", None),
        ("password_last_used", None),
        ("secretName", None),
        ("TOKEN_URL", None),
        ("API_KEY_ID", None),
        ("max_tokens", None),
        ("passthrough", None),
        ("compass_direction", None),
        ("CACHE_BYPASS", None),
        ("LOG_LEVEL", None),
        ("", None),
        ("123", None),
    ],
)
def test_a_name_promises_a_secret_or_not(name, kind):
    assert kind_of(name) is kind
