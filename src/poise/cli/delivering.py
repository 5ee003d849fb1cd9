"""Settings of mail and messages, as the app takes them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from poise.cli.settings import Value
from poise.model.errors import UsageError
from poise.model.governance import is_address


def delivery_of(values: Mapping[str, Value]) -> Any:
    """Return how messages leave. Raises :class:`UsageError` for what cannot be set."""
    from poise.notify.delivery import Delivery, MailSecurity, MailServer

    key = _content(values["notify.key_file"])
    pages = str(values["notify.pages"].value or "").rstrip("/")
    if pages and not pages.startswith(("https://", "http://")):
        raise UsageError(f"notify.pages is {pages!r}.", "Give an address such as https://poise.example.org.")
    server = None
    if values["mail.host"].value:
        sender = values["mail.sender"].value or ""
        if not is_address(sender):
            raise UsageError(f"mail.sender is {sender!r}.", "Give the address that mail comes from.")
        password = values["mail.password"].value or _content(values["mail.password_file"]).decode().strip()
        server = MailServer(
            host=values["mail.host"].value,
            port=values["mail.port"].value,
            security=MailSecurity(values["mail.security"].value),
            sender=sender,
            user=values["mail.user"].value or "",
            password=password,
            ca_file=values["mail.ca_file"].value or "",
        )
    return Delivery(server, tuple(values["notify.allow"].value), pages, key or None)


def _content(setting: Value) -> bytes:
    """Return what a file holds; in a settings file it is told from where that file lies."""
    if not setting.value:
        return b""
    origin = Path(setting.origin)
    path = (origin.parent if origin.is_file() else Path()) / Path(setting.value).expanduser()
    from poise.collect.files import content_of

    return content_of(path)
