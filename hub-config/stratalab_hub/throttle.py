"""Limits how often sign-in may fail."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

WINDOW_SECONDS = 300.0
LONGEST_TABLE = 10_000


class Throttle:
    """Counts failures per key within five minutes; memory is bounded, the oldest keys go first."""

    def __init__(self, limit: int, now: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._now = now
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def is_blocked(self, key: str) -> bool:
        failures = self._failures.get(key)
        if failures is None:
            return False
        while failures and failures[0] < self._now() - WINDOW_SECONDS:
            failures.popleft()
        return len(failures) >= self._limit

    def failed(self, key: str) -> None:
        self._failures.setdefault(key, deque(maxlen=self._limit)).append(self._now())
        self._failures.move_to_end(key)
        while len(self._failures) > LONGEST_TABLE:
            self._failures.popitem(last=False)

    def succeeded(self, key: str) -> None:
        self._failures.pop(key, None)
