"""How messages leave, as it is set, and what keeps one from leaving."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from poise.model.errors import PoiseError


class NotDelivered(PoiseError):
    """A message did not leave, or its receiver refused it.

    ``is_final`` says that trying again is of no use; ``wait_s`` how long the receiver asks to wait.
    """

    def __init__(self, what: str, do: str = "", *, is_final: bool = False, wait_s: float | None = None) -> None:
        super().__init__(what, do)
        self.is_final = is_final
        self.wait_s = wait_s


class MailSecurity(enum.StrEnum):
    """How the connection to a mail server is kept secret."""

    STARTTLS = "starttls"
    """It is made secret before anything is said; a server that does not offer it is refused."""
    TLS = "tls"
    """It is secret from the start."""
    NONE = "none"
    """It is not: for servers on this machine."""


@dataclass(frozen=True)
class MailServer:
    """The server that takes mail."""

    host: str
    port: int = 587
    security: MailSecurity = MailSecurity.STARTTLS
    sender: str = ""
    """Address in `From`."""
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    """Certificates to trust beside the system's."""
    timeout_s: float = 20.0


@dataclass(frozen=True)
class Delivery:
    """Everything that is set about leaving."""

    mail: MailServer | None = None
    allowed: tuple[str, ...] = ()
    """Names, addresses and networks that may be called though they are private."""
    pages: str = ""
    """Where people find the pages of Poise, for links in messages."""
    key: bytes | None = field(default=None, repr=False)
    """The key of secrets, where one is given; else the store's own."""
