"""Reads the live AWS API with boto3: adaptive retries, shared clients, problems as ``NotRead``."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import boto3
import structlog
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
    TokenRetrievalError,
    UnknownServiceError,
)
from botocore.parsers import ResponseParserError

from poise.model.asset import Json
from poise.model.errors import CredentialsError, NotRead
from poise.model.secret import ScannedText
from poise.secrets.scan import scan_text, scan_variables

T = TypeVar("T")
U = TypeVar("U")

CREDENTIAL_CODES = frozenset({
    "ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException",
    "SignatureDoesNotMatch", "RequestExpired", "AuthFailure", "InvalidAccessKeyId",
})  # fmt: skip
MOST_CLIENTS = 32
"""Clients that are kept: those of the global services, and of the regions that are read at the same time."""
log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class LiveSettings:
    """How the live API is reached."""

    endpoint_url: str | None = None
    """Another end point, such as an emulator's."""
    secret_key: bytes = b""
    """Key of the store under which hidden texts are fingerprinted."""
    max_attempts: int = 5
    """Tries of one call, throttling included."""
    connections: int = 16
    """Connections of one client."""


@dataclass
class Clients:
    """boto3 clients of one account; making one is not thread-safe, using it is.

    A client holds some 1.5 MB: those that were not used for longest are let go beyond :data:`MOST_CLIENTS`.
    """

    session: boto3.Session
    settings: LiveSettings
    _made: OrderedDict[tuple[str, str], Any] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, service: str, region: str) -> Any:
        """Return the client of a service in a region."""
        with self._lock:
            if (service, region) not in self._made:
                self._made[service, region] = self.session.client(
                    service,
                    region_name=region,
                    endpoint_url=self.settings.endpoint_url,
                    config=self._config(),
                )
            self._made.move_to_end((service, region))
            if len(self._made) > MOST_CLIENTS:
                self._made.popitem(last=False)
            return self._made[service, region]

    def _config(self) -> Config:
        return Config(
            retries={"mode": "adaptive", "total_max_attempts": self.settings.max_attempts},
            max_pool_connections=self.settings.connections,
            connect_timeout=10,
            read_timeout=60,
            user_agent_extra="poise",
            s3={"addressing_style": "path"} if self.settings.endpoint_url else {},
        )


@dataclass(frozen=True)
class LiveReader:
    """Reads one region of one account from the live API; see :class:`AwsReader`."""

    clients: Clients
    account: str
    partition: str
    region: str
    pool: Executor

    def get(self, service: str, operation: str, /, **params: Json) -> Json:
        """Return the answer of one call."""
        call = f"{service}:{operation}"
        client = self._client(call, service)
        log.debug("api call", call=call, region=self.region)
        answer = _guarded(call, lambda: getattr(client, xform_name(operation))(**params))
        answer.pop("ResponseMetadata", None)
        return answer

    def pages(self, service: str, operation: str, items: str, /, **params: Json) -> Iterator[Json]:
        """Yield the items of every page, by the API's paginator where it has one."""
        call = f"{service}:{operation}"
        client = self._client(call, service)
        name = xform_name(operation)
        if not client.can_paginate(name):
            yield from _items(call, self.get(service, operation, **params), items)
            return
        pages = iter(client.get_paginator(name).paginate(**params))
        while (page := _guarded(call, lambda: next(pages, None))) is not None:
            log.debug("api page", call=call, region=self.region)
            yield from _items(call, page, items)

    def in_region(self, region: str) -> LiveReader:
        """Return a reader of another region of the same account."""
        return LiveReader(self.clients, self.account, self.partition, region, self.pool)

    def each(self, convert: Callable[[T], U], items: Iterable[T]) -> Iterator[U]:
        """Apply ``convert`` to every item in the shared pool, in order."""
        return self.pool.map(convert, items)

    def hide(self, text: str) -> ScannedText:
        """Scan a text for secrets and return what may be kept of it."""
        return scan_text(text, self.clients.settings.secret_key)

    def hide_variables(self, variables: Mapping[str, str]) -> ScannedText:
        """Scan environment variables for secrets and return what may be kept of them."""
        return scan_variables(variables, self.clients.settings.secret_key)

    def _client(self, call: str, service: str) -> Any:
        try:
            return self.clients.get(service, self.region)
        except UnknownServiceError as problem:
            raise NotRead(call, "not_offered", f"{service} is not known to this SDK: {problem}") from problem


def _items(call: str, page: Json, items: str) -> Iterator[Json]:
    value = page
    for key in items.split("."):
        if not isinstance(value, dict):
            raise NotRead(call, "malformed", f"{call}: the answer is not an object")
        value = value.get(key) or ()
    if not isinstance(value, list | tuple):
        raise NotRead(call, "malformed", f"{call}: {items} is not a list")
    yield from value


def _guarded(call: str, make: Callable[[], Any]) -> Any:
    """Run one API call; every failure becomes a ``NotRead``, except refused credentials."""
    try:
        return make()
    except ClientError as problem:
        raise _client_problem(call, problem) from problem
    except (NoCredentialsError, PartialCredentialsError, TokenRetrievalError) as problem:
        raise CredentialsError(f"AWS credentials are missing: {problem}.", CREDENTIALS_ADVICE) from problem
    except ResponseParserError as problem:
        text = str(problem).split("\n")[0][:200]
        raise NotRead(call, "malformed", f"{call}: the answer is not what the API promises: {text}") from problem
    except (EndpointConnectionError, ConnectionError, HTTPClientError) as problem:
        raise NotRead(call, "unreachable", f"{call}: {str(problem)[:200]}") from problem
    except ParamValidationError:
        raise
    except BotoCoreError as problem:
        raise NotRead(call, type(problem).__name__, f"{call}: {str(problem)[:200]}") from problem


def _client_problem(call: str, problem: ClientError) -> Exception:
    error = problem.response.get("Error", {})
    code = str(error.get("Code") or problem.response.get("ResponseMetadata", {}).get("HTTPStatusCode"))
    message = str(error.get("Message") or "no message")[:200]
    if code in CREDENTIAL_CODES:
        return CredentialsError(f"AWS refused the credentials at {call}: {code}: {message}.", CREDENTIALS_ADVICE)
    return NotRead(call, code, f"{code} on {call}: {message}")


CREDENTIALS_ADVICE = (
    "Sign in again (aws sso login), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or pass --profile."
)
