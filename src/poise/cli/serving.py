"""Serves the pages of an open store until it is told to stop."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from poise.cli.invocation import Invocation
from poise.model.errors import UsageError
from poise.model.viewer import GROUP, viewer_of

if TYPE_CHECKING:
    from poise.app.workspace import Workspace
    from poise.model.listings import ScopeFilter


@dataclass(frozen=True)
class Place:
    """Where the pages are served."""

    host: str
    port: int
    names: tuple[str, ...] = ()
    """Names by which browsers may call the server, beside loopback's."""


def serve_pages(run: Invocation, workspace: Workspace, place: Place) -> None:
    """Serve until interrupted. Raises :class:`UsageError` if the address cannot be used."""
    import uvicorn

    from poise.web.server import LOOPBACK, create_app

    listener = _listen(place)
    app = create_app(workspace, hosts=(*LOOPBACK, *_own_name(place), *place.names))
    config = uvicorn.Config(app, log_level="info" if run.shared.verbose else "warning", server_header=False)
    _announce(run, place, listener)
    if workspace.viewer is not None:
        run.say(f"Shows {', '.join(sorted(workspace.viewer))} alone; nothing can be changed.")
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        run.say("Stopped.")
    finally:
        listener.close()


def only(workspace: Workspace, words: Sequence[str]) -> ScopeFilter:
    """Return the viewer of accounts and groups, everything if none are named.

    Raises :class:`UsageError` for one that there is not.
    """
    known = {scope.id for _, scope in workspace.store.scans.scopes(None)}
    known |= {f"{GROUP}{row.group.name}" for row in workspace.store.groups.all()}
    for word in words:
        if word not in known:
            raise UsageError(
                f"There is no account or group {word!r}.",
                "A group is named group:NAME; `poise group list` and `poise list scans` show what there is.",
            )
    return viewer_of(words)


def _listen(place: Place) -> socket.socket:
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((place.host, place.port))
        listener.listen(BACKLOG)
    except OSError as problem:
        listener.close()
        reasons = {errno.EADDRINUSE: "the port is in use", errno.EACCES: "the port needs more rights"}
        reason = reasons.get(problem.errno or 0, os.strerror(problem.errno) if problem.errno else str(problem))
        raise UsageError(
            f"Poise cannot listen on {place.host}:{place.port}: {reason}.", "Choose another with --host and --port."
        ) from problem
    return listener


BACKLOG = 128


def _own_name(place: Place) -> tuple[str, ...]:
    """The address itself is a name by which browsers call, unless it stands for all of them."""
    return () if _is_wildcard(place.host) else (f"[{place.host}]" if ":" in place.host else place.host,)


def _announce(run: Invocation, place: Place, listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    shown = f"[{place.host}]" if ":" in place.host else place.host
    run.say(f"Serving on http://{shown}:{port}/ (Ctrl-C stops)")
    if not _is_loopback(place.host):
        run.say("Careful: there are no accounts yet, so whoever reaches this address sees all that is served.")
    if _is_wildcard(place.host) and not place.names:
        run.say("Browsers are answered only by name: add --name HOST for each that they may use.")


def _is_wildcard(host: str) -> bool:
    return host in ("0.0.0.0", "::")  # noqa: S104 - compared, not bound


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
