"""Policies of azure-core's pipeline that are our own: bounded retries and an even pace."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from azure.core.pipeline.policies import RetryPolicy, SansIOHTTPPolicy


class BoundedRetry(RetryPolicy[Any, Any]):
    """Tries again after throttling and passing faults, as long as the service says, within bounds.

    ``Retry-After`` is kept to the second, also where it is 0. A call that is told to wait longer than the bound
    is given up at once: its answer becomes a gap instead of a hanging scan.
    """

    def __init__(self, attempts: int, longest_wait_s: float) -> None:
        again = max(attempts - 1, 0)
        few = min(again, 3)
        super().__init__(
            retry_total=again,
            retry_status=again,
            retry_connect=few,
            retry_read=few,
            retry_backoff_max=longest_wait_s,
        )
        self._longest_wait_s = longest_wait_s

    def get_retry_after(self, response: Any) -> float | None:
        """Return the seconds that the service asks to wait; None where it does not say."""
        try:
            return super().get_retry_after(response)
        except (ValueError, OverflowError):
            return None

    def is_retry(self, settings: dict[str, Any], response: Any) -> bool:
        """Tell whether to try again."""
        wait = self.get_retry_after(response)
        if wait is not None and wait > self._longest_wait_s:
            return False
        return bool(super().is_retry(settings, response))

    def sleep(self, settings: dict[str, Any], transport: Any, response: Any = None) -> None:
        """Wait as the service says, else ever longer."""
        wait = None if response is None else self.get_retry_after(response)
        if wait is None:
            super().sleep(settings, transport)
        elif wait > 0:
            transport.sleep(wait)


class Pace(SansIOHTTPPolicy[Any, Any]):
    """Lets requests pass at an average rate, after a first burst: a token bucket shared by all threads."""

    def __init__(
        self,
        per_second: float,
        burst: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__()
        self._per_second = per_second
        self._burst = float(burst)
        self._clock = clock
        self._sleep = sleep
        self._left = float(burst)
        self._at = clock()
        self._lock = threading.Lock()

    def on_request(self, request: Any) -> None:
        """Wait until a request may pass."""
        wait = self._take()
        if wait > 0:
            self._sleep(wait)

    def _take(self) -> float:
        with self._lock:
            now = self._clock()
            self._left = min(self._burst, self._left + (now - self._at) * self._per_second) - 1
            self._at = now
            return max(0.0, -self._left / self._per_second)
