"""Everything that Poise raises on purpose.

::

    PoiseError                    what happened, to what, and what to try
    |- UsageError                 a wrong flag, setting, file or id            (exit code 2)
    |- CredentialsError           credentials are missing, expired or refused  (exit code 4)
    |- StoreError                 the database cannot be used
    |  |- StoreTooNew             it was written by a newer version
    |  |- StoreBusy               another process holds it
    |  `- StaleFence              another scan took the partition over; its result stands
    |- BadInput                   a document, file or answer that cannot be understood
    `- NotCollected               a fact or listing was not read; a check turns it into `unknown`
       `- NotRead                 one API call or file gave no answer, with the call that failed
"""

from __future__ import annotations


class PoiseError(Exception):
    """An error for a person: ``what`` happened, and what to ``do`` about it."""

    exit_code = 5

    def __init__(self, what: str, do: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.do = do

    def __str__(self) -> str:
        return f"{self.what} {self.do}".rstrip()


class UsageError(PoiseError):
    """A flag, setting, file or id is wrong."""

    exit_code = 2


class CredentialsError(PoiseError):
    """Credentials are missing, expired or refused."""

    exit_code = 4


class StoreError(PoiseError):
    """The database cannot be used."""

    exit_code = 2


class StoreTooNew(StoreError):
    """The database was written by a newer version of Poise."""


class StoreBusy(StoreError):
    """Another process holds the database."""


class StaleFence(StoreError):
    """Another scan has claimed the same partition since: its result stands, this one was not written."""


class BadInput(PoiseError):
    """A document, file or answer cannot be understood; ``what`` names the place."""

    exit_code = 2


class NotCollected(PoiseError):
    """A fact or a listing that a check asked for was not read.

    ``what`` is the reason, as a person reads it. ``field`` names the record field, or the kind of a listing.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason

    def __reduce__(self) -> tuple[type[NotCollected], tuple[str, str]]:
        return type(self), (self.field, self.reason)


class NotRead(NotCollected):
    """A call to a provider, or a file that stands for one, gave no usable answer.

    ``call`` is ``service:Operation``; ``code`` the provider's error code (``AccessDenied``) or one of ours:
    ``malformed``, ``unreachable``, ``not_in_export``, ``not_offered``. ``state`` says what a listing that
    failed this way is worth.
    """

    DENIED = frozenset(
        {
            "AccessDenied",
            "AccessDeniedException",
            "UnauthorizedOperation",
            "AuthorizationFailed",
            "Forbidden",
            "AuthorizationError",
            "OptInRequired",
            "403",
            "AuthorizationPermissionMismatch",
        }
    )

    def __init__(self, call: str, code: str, reason: str) -> None:
        super().__init__(call, reason)
        self.call = call
        self.code = code

    def __reduce__(self) -> tuple[type[NotRead], tuple[str, str, str]]:  # type: ignore[override]
        return type(self), (self.call, self.code, self.reason)

    @property
    def is_denied(self) -> bool:
        """Whether the provider refused the call, so that a permission would cure it."""
        return self.code in self.DENIED
