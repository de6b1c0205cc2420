"""What a job says about itself while it runs."""

from __future__ import annotations

import json
import math
import os
import sys
import urllib.request
from pathlib import Path
from time import monotonic

LEAST_SECONDS_BETWEEN = 0.2
TIMEOUT_SECONDS = 5
LONGEST_MESSAGE = 200

_last_sent = -math.inf
_has_complained = False


def progress(fraction: float | None = None, message: str = "", *, step: int | None = None, **metrics: float) -> None:
    """
    Reports how far a job is (`fraction` 0..1), what it does, and metrics by name, which become charts.

    Does nothing outside a job and in all processes but rank 0. Never fails and never waits long: a report that does not
    arrive is dropped, and so are reports that follow another within a fifth of a second, except the last (`fraction` 1).
    """
    global _last_sent
    url = os.environ.get("STRATALAB_PROGRESS_URL", "")
    if not url.startswith(("http://", "https://")) or os.environ.get("RANK", "0") not in ("", "0") or not _is_due(fraction):
        return
    status: dict[str, object] = {}
    if fraction is not None and math.isfinite(fraction):
        status["progressPercentage"] = max(0.0, min(100.0, fraction * 100))
    if message:
        status["message"] = message[:LONGEST_MESSAGE]
    if step is not None:
        status["step"] = int(step)
    finite = [{"name": name, "value": float(value)} for name, value in metrics.items() if math.isfinite(float(value))]
    if finite:
        status["metrics"] = finite
    _send(url, {"trainerStatus": status})
    # From its end: a platform that answers slowly must not take the time of the job.
    _last_sent = monotonic()


def _is_due(fraction: float | None) -> bool:
    global _last_sent
    now = monotonic()
    if now - _last_sent < LEAST_SECONDS_BETWEEN and not (fraction is not None and fraction >= 1):
        return False
    _last_sent = now
    return True


def _send(url: str, body: object) -> None:
    global _has_complained
    try:
        token = Path(os.environ["STRATALAB_TOKEN_FILE"]).read_text().strip()
        headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(url, json.dumps(body).encode(), headers, method="POST")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        opener.open(request, timeout=TIMEOUT_SECONDS).close()
    except (OSError, KeyError) as error:
        # said once: a training loop must not end, nor drown its log, because a report did not arrive
        if not _has_complained:
            print(f"stratalab: progress could not be reported ({error})", file=sys.stderr)
            _has_complained = True
