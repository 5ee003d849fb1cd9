"""Secrets of Microsoft Azure and Entra ID."""

import re
from dataclasses import replace

from poise.secrets.proof import is_entra_token, is_key_material, is_no_stand_in, is_random
from poise.secrets.rule import Place, Rule, Test

KEY_32 = rb"([A-Za-z0-9+/]{43}=)"
KEY_64 = rb"([A-Za-z0-9+/]{86}==)"
HEX_32 = rb"([0-9a-fA-F]{32})(?![0-9a-fA-F])"
ASSIGNED = rb"[\"']?\s{0,4}(?:=>|:=|[:=])\s{0,4}[\"']?"


def _rule(name: str, title: str, keywords: tuple[bytes, ...], pattern: bytes, accept: Test = is_key_material) -> Rule:
    return Rule(
        name=name, title=title, keywords=keywords, pattern=re.compile(pattern, re.IGNORECASE), accept=accept,
        before=300, after=600,
    )  # fmt: skip


def _keyed(name: str, title: str, keywords: tuple[bytes, ...], pattern: bytes, accept: Test = is_key_material) -> Rule:
    """Make a rule whose secret is a run of at least 32 characters."""
    return replace(_rule(name, title, keywords, pattern, accept), place=Place.BY_LONG_RUN)


def _sign(name: str, title: str, pattern: bytes) -> Rule:
    """Make the rule of a signature that stands right behind `sig=`."""
    return replace(_rule(name, title, (b"sig=",), pattern, is_no_stand_in), place=Place.IN_RUN)


def _shared_key(name: str, title: str, host: bytes, keyword: bytes) -> Rule:
    """Make the rule of a service whose connection string holds its host and a `SharedAccessKey` or `AccessKey`."""
    pattern = host + rb"[^\s\"']{0,200}?AccessKey=([A-Za-z0-9+/]{32,100}={0,2})"
    return _keyed(name, title, (keyword,), pattern)


def _annotated(name: str, title: str, mark: bytes) -> Rule:
    """Make the rule of an 84-character key that carries a fixed sign and a mark of its service.

    Source: Microsoft security-utilities, "common annotated security keys": `JQQJ99` at 52, the mark at 76.
    """
    pattern = (
        rb"(?<![A-Za-z0-9+/])([A-Za-z0-9+/]{52}JQQJ99[A-Za-z0-9+/]{18}" + mark + rb"[A-Za-z0-9+/]{4})(?![A-Za-z0-9+/])"
    )
    return Rule(
        name=name, title=title, keywords=(b"jqqj99",), pattern=re.compile(pattern), accept=is_key_material,
        place=Place.IN_RUN, before=64, after=64,
    )  # fmt: skip


def _signed(name: str, title: str, keyword: bytes, pattern: bytes) -> Rule:
    """Make the rule of a key whose base64 text carries the sign of its service (Microsoft security-utilities)."""
    return Rule(
        name=name, title=title, keywords=(keyword,), accept=is_key_material, place=Place.IN_RUN, before=64, after=64,
        pattern=re.compile(rb"(?<![A-Za-z0-9+/_\-])(" + pattern + rb")(?![A-Za-z0-9+/_\-])"),
    )  # fmt: skip


def _named_hex(name: str, title: str, keywords: tuple[bytes, ...], words: bytes) -> Rule:
    """Make the rule of a 32-digit hexadecimal key, which only the name beside it tells apart from other numbers."""
    return _keyed(name, title, keywords, rb"(?:" + words + rb")[\w.\-]{0,24}" + ASSIGNED + HEX_32, is_random)


RULES = (
    _annotated("azure_devops_token", "Azure DevOps personal access token", b"AZDO"),
    _annotated("azure_maps_key", "Azure Maps subscription key", b"AZMP"),
    _annotated("azure_cognitive_key", "Azure Cognitive Services key", b"ACOG"),
    _annotated("azure_app_configuration_key", "Azure App Configuration access key", b"AZAC"),
    _annotated("azure_event_grid_key", "Azure Event Grid access key", b"AZEG"),
    _signed(
        "azure_container_registry_key",
        "Azure Container Registry access key",
        b"+acr",
        rb"[A-Za-z0-9+/]{42}\+ACR[A-Za-z0-9]{6}",
    ),
    _signed("azure_function_key", "Azure Functions key", b"azfu", rb"[A-Za-z0-9_\-]{44}AzFu[A-Za-z0-9_\-]{5}[AQgw]=="),
    _signed(
        "azure_redis_password", "Azure Cache for Redis password", b"azca", rb"[A-Za-z0-9]{33}AzCa[A-P][A-Za-z0-9]{5}="
    ),
    _annotated("azure_key", "Azure access key", b"[A-Za-z0-9]{4}"),
    _shared_key("azure_service_bus_key", "Azure Service Bus access key", rb"servicebus\.windows\.net", b".windows.net"),
    _shared_key("azure_iot_key", "Azure IoT shared access key", rb"azure-devices\.net", b"azure-devices.net"),
    _shared_key("azure_signalr_key", "Azure SignalR access key", rb"service\.signalr\.net", b"signalr.net"),
    _shared_key("azure_web_pubsub_key", "Azure Web PubSub access key", rb"webpubsub\.azure\.com", b".azure.com"),
    _shared_key(
        "azure_communication_key",
        "Azure Communication Services access key",
        rb"communication\.azure\.com",
        b".azure.com",
    ),
    _keyed(
        "azure_app_configuration_key",
        "Azure App Configuration access key",
        (b"azconfig.io",),
        rb"azconfig\.io[^\s\"']{0,120}?;Secret=([A-Za-z0-9+/]{40,100}={0,2})",
    ),
    _rule(
        "azure_cosmos_key",
        "Azure Cosmos DB key",
        (b".azure.com",),
        rb"(?:documents|cosmos)\.azure\.com[^\s\"']{0,120}?AccountKey="
        + KEY_64
        + rb"|mongodb://[^:/\s@]{1,80}:([A-Za-z0-9+/%=]{60,110})@[^\s\"']{1,120}cosmos\.azure\.com",
    ),
    _rule(
        "azure_batch_key",
        "Azure Batch shared access key",
        (b".azure.com",),
        rb"batch\.azure\.com[^\0]{0,200}?Key" + ASSIGNED + KEY_64,
    ),
    _keyed("azure_storage_key", "Azure storage account key", (b"accountkey",), rb"AccountKey" + ASSIGNED + KEY_64),
    _rule(
        "azure_storage_key",
        "Azure storage account key",
        (b"_key",),
        rb"storage[\w.\-]{0,12}key[\w.\-]{0,8}" + ASSIGNED + KEY_64,
    ),
    _rule(
        "azure_logic_app_signature",
        "Azure Logic App shared access signature",
        (b".azure.com",),
        rb"logic\.azure\.com[^\s\"']{0,400}?[?&]sig=([A-Za-z0-9%_\-+/=]{40,90})",
        is_no_stand_in,
    ),
    _sign(
        "azure_storage_signature",
        "Azure storage SAS token",
        rb"\bsv=20\d\d-\d\d-\d\d[^\s\"'<>]{0,280}?&(?:amp;)?sig=([A-Za-z0-9%+/=]{43,80})"
        rb"|[?&;]sig=([A-Za-z0-9%+/=]{43,80})&[^\s\"'<>]{0,280}?\bsv=20\d\d-\d\d-\d\d",
    ),
    _sign(
        "azure_shared_access_signature",
        "Azure shared access signature",
        rb"SharedAccessSignature\s{1,2}s[rig]{1,2}=[^\s\"'<>]{0,280}?sig=([A-Za-z0-9%+/=]{43,80})",
    ),
    Rule(
        name="entra_client_secret",
        title="Microsoft Entra ID client secret",
        keywords=(b"8q~", b"7q~"),
        place=Place.IN_RUN,
        pattern=re.compile(
            rb"(?<![A-Za-z0-9_~.\-])([A-Za-z0-9_~.\-]{3}[78]Q~[A-Za-z0-9_~.\-]{31,34})(?![A-Za-z0-9_~.\-])"
        ),
        accept=is_key_material,
        after=64,
    ),
    Rule(
        name="entra_access_token",
        title="Microsoft Entra ID access token",
        keywords=(b"eyj",),
        place=Place.IN_RUN,
        pattern=re.compile(rb"(?<![\w\-])(eyJ[\w\-]{10,2000}\.eyJ[\w\-]{10,6000}\.[\w\-]{20,2000})(?![\w\-])"),
        accept=is_entra_token,
        after=10_100,
    ),
    _keyed(
        "azure_container_registry_key",
        "Azure Container Registry access key",
        (b"azurecr.io",),
        rb"azurecr\.io[^\0]{0,120}?(?:password|-p)[\"']?\s{0,4}[:=]?\s{0,4}[\"']?([A-Za-z0-9+/=]{32,52})(?![A-Za-z0-9+/=])",
    ),
    _keyed(
        "azure_function_key",
        "Azure Functions key",
        (b"azurewebsites.net/api",),
        rb"azurewebsites\.net/api[^\s\"']{0,160}?[?&]code=([A-Za-z0-9_\-/+=%]{40,80})",
    ),
    _rule(
        "azure_redis_password",
        "Azure Cache for Redis password",
        (b".windows.net",),
        rb"redis\.cache\.windows\.net[^\s\"']{0,120}?password=([A-Za-z0-9+/]{40,60}={0,2})",
    ),
    _rule(
        "azure_app_service_password",
        "Azure App Service deployment password",
        (b"pwd",),
        rb"userPWD=[\"']([A-Za-z0-9]{50,70})[\"']",
    ),
    _keyed(
        "azure_management_certificate",
        "Azure subscription management certificate",
        (b"managementcertificate=",),
        rb"ManagementCertificate=[\"']([A-Za-z0-9+/=]{500})",
        is_no_stand_in,
    ),
    _keyed(
        "azure_devops_token",
        "Azure DevOps personal access token",
        (b".azure.com", b"visualstudio", b"azure_devops"),
        rb"//[^\s/:@\"']{0,60}:([a-z2-7]{52})@(?:dev\.azure|[\w\-]{1,50}\.visualstudio)\.com"
        rb"|azure_devops[\w.\-]{0,24}" + ASSIGNED + rb"([a-z2-7]{52})(?![a-z0-9])",
        is_random,
    ),
    _keyed(
        "azure_devops_app_secret",
        "Azure DevOps app secret",
        (b"visualstudio",),
        rb"app\.v(?:ssps|isualstudio)[^\0]{0,200}?secret" + ASSIGNED + rb"(eyJ[\w.\-]{60,590})",
        is_no_stand_in,
    ),
    _named_hex(
        "azure_api_management_key",
        "Azure API Management subscription key",
        (b"ocp-apim",),
        rb"ocp-apim-subscription-key",
    ),
    _named_hex(
        "azure_cognitive_key", "Azure Cognitive Services key", (b"cognitive", b"openai"), rb"cognitive|azure[_-]?openai"
    ),
    _keyed(
        "azure_maps_key",
        "Azure Maps subscription key",
        (b"atlas.microsoft.com",),
        rb"atlas\.microsoft\.com[^\s\"']{0,200}?subscription-key=([A-Za-z0-9_\-]{43})(?![A-Za-z0-9_\-])",
    ),
    _keyed(
        "azure_event_grid_key",
        "Azure Event Grid access key",
        (b"aeg-sas-key", b"eventgrid"),
        rb"(?:aeg-sas-key|eventgrid[\w.\-]{0,16}key)" + ASSIGNED + KEY_32,
    ),
    _keyed(
        "azure_machine_learning_key",
        "Azure Machine Learning web service key",
        (b"azureml",),
        rb"azureml[^\0]{0,240}?(?:Bearer\s|api_?key" + ASSIGNED + rb")([A-Za-z0-9+/]{32,100}={0,2})(?![A-Za-z0-9+/=])",
    ),
    _keyed(
        "azure_bot_key",
        "Azure Bot Framework secret",
        (b"botframework",),
        rb"botframework[^\0]{0,120}?(?:Bearer\s|secret"
        + ASSIGNED
        + rb")([\w\-]{11}\.[\w\-]{30,45}(?:\.[\w\-]{10,90}){0,2})(?![\w\-])",
    ),
    _keyed(
        "azure_shared_access_key",
        "Azure shared access key",
        (b"accesskey",),
        rb"SharedAccessKey" + ASSIGNED + rb"([A-Za-z0-9+/]{32,100}={0,2})(?![A-Za-z0-9+/=])",
    ),
)
