"""Limits how often something may be tried."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

WINDOW_SECONDS = 300.0
LONGEST_TABLE = 10_000


class Throttle:
    """
    Counts attempts per key within five minutes. An attempt is counted before it is made, so that many at once cannot
    slip through; one that succeeds is given back. Memory is bounded: the keys that rested longest go first.
    """

    def __init__(self, limit: int, now: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._now = now
        self._attempts: OrderedDict[str, deque[float]] = OrderedDict()

    def take(self, key: str) -> bool:
        """Counts an attempt; False, and nothing counted, when the limit is reached."""
        attempts = self._attempts.setdefault(key, deque())
        self._attempts.move_to_end(key)
        while attempts and attempts[0] <= self._now() - WINDOW_SECONDS:
            attempts.popleft()
        if len(attempts) >= self._limit:
            return False
        attempts.append(self._now())
        while len(self._attempts) > LONGEST_TABLE:
            self._attempts.popitem(last=False)
        return True

    def give_back(self, key: str) -> None:
        """Takes the latest attempt back, because it succeeded."""
        attempts = self._attempts.get(key)
        if attempts:
            attempts.pop()

    def forget(self, key: str) -> None:
        """Starts counting afresh."""
        self._attempts.pop(key, None)
