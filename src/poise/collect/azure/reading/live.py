"""Reads the live Azure Resource Manager on azure-core's pipeline: raw REST, problems as ``NotRead``."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import structlog
from azure.core import PipelineClient
from azure.core.credentials import AccessToken, TokenCredential
from azure.core.exceptions import AzureError, ClientAuthenticationError, ServiceRequestError, ServiceResponseError
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, UserAgentPolicy
from azure.core.pipeline.transport import HttpTransport, RequestsTransport
from azure.core.rest import HttpRequest

from poise.collect.azure.reading.answers import CREDENTIALS_ADVICE, as_object, items_of, next_link, problem_of, rows_of
from poise.collect.azure.reading.operation import Operation
from poise.collect.azure.reading.policies import BoundedRetry, Pace
from poise.collect.azure.reading.settings import CLOUDS, AzureSettings
from poise.collect.documents import parse_json
from poise.model.asset import Json
from poise.model.errors import BadInput, CredentialsError, NotRead
from poise.model.secret import ScannedText
from poise.secrets.scan import scan_text

T = TypeVar("T")
U = TypeVar("U")
READ_ONLY = frozenset({"GET", "POST"})
"""Methods that are tried again. What is asked by POST changes nothing: see the operations that say so."""
MAX_PAGES = 10_000
FAR_FUTURE = 4_102_444_800
"""1 January 2100, when a given token is taken to end."""
QUERY_PAGE = 1000
"""Rows of a Resource Graph page; the service gives no more."""
AHEAD = 32
"""Items that are worked on at a time."""
log = structlog.get_logger()


class GivenToken:
    """A credential that is a ready token."""

    def __init__(self, token: str) -> None:
        self._token = AccessToken(token, FAR_FUTURE)

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """Return the token, whatever the scope."""
        return self._token


def credential_of(settings: AzureSettings) -> TokenCredential:
    """Return who reads: a given token, else environment, workload or managed identity, or a signed-in tool."""
    if settings.token is not None:
        return GivenToken(settings.token)
    from azure.identity import DefaultAzureCredential

    # What it logs is said again, once, by the error that it raises.
    logging.getLogger("azure.identity").addHandler(logging.NullHandler())
    trust: dict[str, Any] = {} if settings.ca_file is None else {"connection_verify": str(settings.ca_file)}
    # An authority of one's own is not known to Microsoft's, which would be asked about it on the public internet.
    own = settings.authority not in {authority for _, authority in CLOUDS.values()}
    host = urlsplit(settings.authority).netloc or settings.authority
    return DefaultAzureCredential(authority=host, disable_instance_discovery=own, **trust)


class ArmClient:
    """Makes calls, for any subscription; threads share it."""

    def __init__(
        self, settings: AzureSettings, credential: TokenCredential, transport: HttpTransport[Any, Any] | None = None
    ) -> None:
        self.settings = settings
        self._home = urlsplit(settings.base_url)
        self._client: PipelineClient[Any, Any] = PipelineClient(
            settings.base_url,
            policies=[
                UserAgentPolicy("poise"),
                BoundedRetry(settings.max_attempts, settings.longest_wait_s),
                BearerTokenCredentialPolicy(credential, settings.token_scope),
                Pace(settings.requests_per_s, settings.burst),
            ],
            transport=transport or _transport(settings),
        )

    def get(self, operation: Operation, parent: str) -> Json:
        """Return the answer of one call."""
        return as_object(operation.call, self._send(operation, self._request(operation, parent)))

    def pages(self, operation: Operation, parent: str) -> Iterator[Json]:
        """Yield the items of every page, following the links as long as they stay with the end point."""
        request = self._request(operation, parent)
        seen: set[str] = set()
        while True:
            page = self._send(operation, request)
            yield from items_of(operation.call, page)
            link = next_link(page)
            if not link:
                return
            self._check_link(operation, link, seen)
            request = HttpRequest("GET", link)

    def query(self, operation: Operation, text: str, subscriptions: Iterable[str]) -> Iterator[Json]:
        """Yield the rows of every page of a Resource Graph query."""
        options: dict[str, Json] = {"resultFormat": "objectArray", "$top": QUERY_PAGE}
        body = {"subscriptions": list(subscriptions), "query": text, "options": options}
        seen: set[str] = set()
        while True:
            page = self._send(operation, self._request(operation, "", body))
            yield from rows_of(operation.call, page)
            token = page.get("$skipToken")
            if not token:
                return
            self._check_once(operation, str(token), seen)
            options["$skipToken"] = token

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _request(self, operation: Operation, parent: str, body: Json = None) -> HttpRequest:
        url = f"{self.settings.base_url.rstrip('/')}{quote(parent + operation.path, safe='/()')}"
        method = operation.method if body is None else "POST"
        body = {} if body is None and method == "POST" else body
        params = dict(operation.query)
        if operation.version:
            params["api-version"] = operation.version
        return HttpRequest(method, url, params=params, json=body)

    def _send(self, operation: Operation, request: HttpRequest) -> Json:
        call = operation.call
        log.debug("api call", call=call)
        try:
            response = self._client.send_request(request, retry_on_methods=READ_ONLY)
            content = response.read()
        except ClientAuthenticationError as problem:
            text = _first_refusal(str(problem.message))
            raise CredentialsError(f"Azure cannot be signed in to: {text}.", CREDENTIALS_ADVICE) from problem
        except (ServiceRequestError, ServiceResponseError) as problem:
            raise NotRead(call, "unreachable", f"{call}: {str(problem)[:200]}") from problem
        except AzureError as problem:
            raise NotRead(call, type(problem).__name__, f"{call}: {str(problem)[:200]}") from problem
        if response.status_code == 200:
            return _parsed(call, content)
        raise problem_of(call, response.status_code, _parsed_or_none(content))

    def _check_link(self, operation: Operation, link: Json, seen: set[str]) -> None:
        """Refuse a link to another host: the token would go with it."""
        parts = urlsplit(link) if isinstance(link, str) else None
        if parts is None or (parts.scheme, parts.netloc.lower()) != (self._home.scheme, self._home.netloc.lower()):
            text = f"{operation.call}: the next page is not at {self._home.netloc}: {str(link)[:200]}"
            raise NotRead(operation.call, "malformed", text)
        self._check_once(operation, link, seen)

    def _check_once(self, operation: Operation, mark: str, seen: set[str]) -> None:
        if mark in seen or len(seen) >= MAX_PAGES:
            raise NotRead(operation.call, "malformed", f"{operation.call}: the pages do not end")
        seen.add(mark)


def _transport(settings: AzureSettings) -> HttpTransport[Any, Any]:
    trust = True if settings.ca_file is None else str(settings.ca_file)
    transport: HttpTransport[Any, Any] = RequestsTransport(
        connection_timeout=10, read_timeout=60, connection_verify=trust
    )
    return transport


def _parsed(call: str, content: bytes) -> Json:
    try:
        return parse_json(content.removeprefix(b"\xef\xbb\xbf"), call)
    except BadInput as problem:
        raise NotRead(call, "malformed", f"{problem.what} The answer is not what the API promises.") from problem


def _parsed_or_none(content: bytes) -> Json:
    try:
        return parse_json(content, "error")
    except BadInput:
        return None


@dataclass(frozen=True)
class LiveReader:
    """Reads one subscription or tenant from the live API; see :class:`AzureReader`."""

    client: ArmClient
    subscription: str
    pool: Executor
    home: str | None = None
    """Where calls go that name no parent; None for the subscription."""

    def get(self, operation: Operation, parent: str = "") -> Json:
        """Return the answer of one call."""
        return self.client.get(operation, parent or self._home)

    def pages(self, operation: Operation, parent: str = "") -> Iterator[Json]:
        """Yield the items of every page."""
        return self.client.pages(operation, parent or self._home)

    def query(self, operation: Operation, text: str) -> Iterator[Json]:
        """Yield the rows of a Resource Graph query over the subscription."""
        return self.client.query(operation, text, [self.subscription])

    def each(self, convert: Callable[[T], U], items: Iterable[T]) -> Iterator[U]:
        """Apply ``convert`` to every item in the shared pool, in order; items converted must not call ``each``."""
        ahead: deque[Future[U]] = deque()
        problem: NotRead | None = None
        source = iter(items)
        while True:
            try:
                item = next(source)
            except StopIteration:
                break
            except NotRead as met:
                problem = met
                break
            ahead.append(self.pool.submit(convert, item))
            if len(ahead) >= AHEAD:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
        if problem is not None:
            raise problem

    def hide(self, text: str) -> ScannedText:
        """Scan a text for secrets and return what may be kept of it."""
        return scan_text(text, self.client.settings.secret_key)

    @property
    def _home(self) -> str:
        return f"/subscriptions/{self.subscription}" if self.home is None else self.home


def _first_refusal(message: str) -> str:
    """Return what the first way of signing in said, of a message that lists all that were tried."""
    lines = [line.strip().rstrip(".") for line in message.split("\n")]
    said = [line for line in lines if "Credential: " in line]
    return (said or lines)[0][:300]
