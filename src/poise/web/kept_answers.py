"""The latest answers of a dear question, by name: enough for a link that somebody opens soon."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

MOST = 20


class KeptAnswers:
    """Keeps the latest answers of this process; older ones go."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._answers: OrderedDict[str, Any] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, name: str, answer: Any) -> None:
        """Keep an answer."""
        with self._lock:
            self._answers[name] = answer
            self._answers.move_to_end(name)
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)

    def get(self, name: str) -> Any | None:
        """Return an answer that is kept still."""
        with self._lock:
            return self._answers.get(name)
