"""Keys and tokens of chat, payment, mail and model services."""

import re

from poise.secrets.proof import is_key_material, is_no_stand_in, is_random, is_web_token
from poise.secrets.rule import Place, Rule, Test


def _token(name: str, title: str, prefixes: tuple[bytes, ...], pattern: bytes, accept: Test = is_no_stand_in) -> Rule:
    return Rule(
        name=name, title=title, keywords=prefixes, accept=accept, place=Place.IN_RUN, before=100, after=300,
        pattern=re.compile(rb"(?<![\w\-])(" + pattern + rb")(?![\w\-])"),
    )  # fmt: skip


RULES = (
    _token(
        "slack_token",
        "Slack access token",
        (b"xox", b"xapp-"),
        rb"xox[abprs]-\d{1,20}-[A-Za-z0-9\-]{20,120}|xapp-\d-[A-Z0-9]{5,20}-\d{5,20}-[a-z0-9]{30,100}",
        is_random,
    ),
    _token(
        "slack_webhook",
        "Slack webhook",
        (b"hooks.slack.com",),
        rb"https://hooks\.slack\.com/services/T[A-Z0-9]{6,12}/B[A-Z0-9]{6,12}/[A-Za-z0-9]{20,28}",
    ),
    _token("stripe_key", "Stripe key", (b"k_live_",), rb"[sr]k_live_[A-Za-z0-9]{16,128}", is_random),
    _token(
        "openai_key",
        "OpenAI API key",
        (b"t3blbkfj",),
        rb"sk-(?:proj-|svcacct-|admin-)?[\w\-]{20,90}T3BlbkFJ[\w\-]{20,90}",
    ),
    _token("openai_key", "OpenAI API key", (b"sk-proj-",), rb"sk-proj-[\w\-]{60,180}", is_random),
    _token("anthropic_key", "Anthropic API key", (b"sk-ant-",), rb"sk-ant-(?:api|admin)\d\d-[\w\-]{80,120}", is_random),
    _token("sendgrid_key", "SendGrid key", (b"sg.",), rb"SG\.[\w\-]{22}\.[\w\-]{43}", is_key_material),
    Rule(
        name="twilio_key",
        title="Twilio key",
        keywords=(b"twilio",),
        place=Place.BY_LONG_RUN,
        pattern=re.compile(rb"(?<![A-Za-z0-9])(SK[0-9a-f]{32})(?![A-Za-z0-9])"),
        accept=is_random,
        before=200,
        after=200,
    ),
    _token("hugging_face_token", "Hugging Face token", (b"hf_",), rb"hf_[A-Za-z]{34}", is_random),
    _token("vault_token", "HashiCorp Vault token", (b"hvs.", b"hvb."), rb"hv[sb]\.[\w\-]{24,220}", is_key_material),
    Rule(
        name="telegram_token",
        title="Telegram bot token",
        keywords=(b"api.telegram.org",),
        place=Place.BY_LONG_RUN,
        pattern=re.compile(rb"(?<!\d)(\d{8,10}:AA[\w\-]{33})(?![\w\-])"),
        accept=is_key_material,
        before=200,
        after=200,
    ),
    Rule(
        name="json_web_token",
        title="JSON web token",
        keywords=(b"eyj",),
        place=Place.IN_RUN,
        pattern=re.compile(rb"(?<![\w\-])(eyJ[\w\-]{10,2000}\.eyJ[\w\-]{10,6000}\.[\w\-]{20,2000})(?![\w\-])"),
        accept=is_web_token,
        after=10_100,
    ),
    Rule(
        name="authorization_header",
        title="HTTP authorization header",
        keywords=(b"authorization",),
        pattern=re.compile(
            rb"Authorization[\"']?\s{0,4}[:=]\s{0,4}[\"']?(?:Basic|Bearer|Token|ApiKey)\s{1,4}"
            rb"([A-Za-z0-9+/_.=\-]{16,2000})(?![A-Za-z0-9+/_=\-])",
            re.IGNORECASE,
        ),
        accept=is_random,
        after=2100,
    ),
)
