"""Watching a job from a cell: its card and its output, until it ends or the person interrupts."""

from __future__ import annotations

import sys
from typing import Any

from .connection import Connection, quote
from .jobs import FINAL, failure_of, get, sentence_of
from .show import Card, Display

# Quick while something happens, slow while nothing does: the platform is asked this often.
SHORTEST_SECONDS = 0.25
LONGEST_SECONDS = 2.0
MOST_RANKS = 8


class JobView:
    """One watcher of one job. What it has printed is kept by offset, so nothing comes twice and nothing is lost."""

    def __init__(self, connection: Connection, job_id: str) -> None:
        self._connection = connection
        self._id = job_id
        self._offsets: dict[str, int] = {}
        self._rests: dict[str, str] = {}
        self._display = Display()

    def follow(self) -> None:
        """
        Shows the job until it has ended and all of its output was printed. An interrupt detaches: the job goes on.
        Raises Problem when the job failed or was cancelled.
        """
        try:
            job = self._watch()
        except KeyboardInterrupt:
            print(f"Detached; the job goes on. See it again with  %job {self._id}  and stop it with  %job {self._id} cancel")
            return
        problem = failure_of(job)
        if problem is not None:
            raise problem

    def _watch(self) -> dict[str, Any]:
        seconds = SHORTEST_SECONDS
        while True:
            # the state is read before the output: a job that has ended now has written all it will write
            job = get(self._connection, self._id)
            self._show(job)
            has_news = self._print_output(job)
            if job["state"] in FINAL and not has_news:
                self._print_rests()
                return job
            seconds = SHORTEST_SECONDS if has_news else min(LONGEST_SECONDS, seconds * 1.5)
            self._connection.pause(seconds)

    def _show(self, job: dict[str, Any]) -> None:
        card = Card(job["urn"], f"Job {job['name']}")
        shape = f"{job['processes']} processes" if job["processes"] > 1 else "1 process"
        card.lines = [sentence_of(job), f"{shape}, {job['launcher']} · {self._id}"]
        card.lines += [f"{output['kind']} {output['as']}: {output['urn']}" for output in job["outputs"] if output.get("urn")]
        progress = job.get("progress") or {}
        card.fraction = progress.get("fraction") if job["state"] == "running" else None
        self._display.show(card)

    def _print_output(self, job: dict[str, Any]) -> bool:
        """Prints what is new of every process. Returns whether there was anything."""
        parts = job["logParts"][: MOST_RANKS + 1]
        has_news = False
        for rank in parts:
            chunk = self._read(rank)
            if chunk is None or not chunk["text"]:
                continue
            has_news = True
            self._print(rank, chunk["text"], is_labelled=job["processes"] > 1 or rank == "launcher")
            self._offsets[rank] = chunk["nextOffset"]
        return has_news

    def _read(self, rank: str) -> dict[str, Any] | None:
        offset = self._offsets.get(rank, 0)
        return self._connection.call("compute", "GET", f"/jobs/{quote(self._id)}/log", query={"rank": rank, "offset": offset})

    def _print(self, rank: str, text: str, *, is_labelled: bool) -> None:
        if not is_labelled:
            sys.stdout.write(text)
            sys.stdout.flush()
            return
        # lines of several processes must not run into each other: a line is printed when it is whole
        lines = (self._rests.get(rank, "") + text).split("\n")
        self._rests[rank] = lines.pop()
        sys.stdout.write("".join(f"[{rank}] {line}\n" for line in lines))
        sys.stdout.flush()

    def _print_rests(self) -> None:
        for rank, rest in self._rests.items():
            if rest:
                sys.stdout.write(f"[{rank}] {rest}\n")
        self._rests.clear()
