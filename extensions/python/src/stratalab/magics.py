"""The magics: each reads its line and calls one function; failures show as a few lines, never as a traceback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from IPython.core.magic import Magics, cell_magic, line_cell_magic, line_magic, magics_class

from . import ask as asking
from . import datasets, jobs, models, sql
from .arguments import read_words
from .connection import shared
from .follow import JobView
from .problem import usage
from .show import Table

OVERVIEW = """\
%datasets [words]                     find datasets
%dataset name[@version]               mount one; returns its folder, nothing is copied
%%sql [limit=1000] [into=name]        query datasets by their names; returns a DataFrame
%%job [processes=2] [gpus=1] [gpu_kind=…] [cpu=1] [memory=2GiB] [name=…]
      [launcher=python|torchrun|mpi|ray] [datasets=a,b@2] [output=name] [model=name] [retries=0] [deadline=3600] [wait=no]
                                      run the cell as a job; write outputs to $STRATALAB_OUTPUTS/<name>
%jobs [active|finished]               list jobs
%job ID [cancel|retry]                watch a job again, stop it, or run it again
%models [words]                       list models
%deploy model[@version|@alias] [replicas=1] [name=…]
                                      serve a model, and wait until it answers
%%ask collection [endpoint=…] [k=4]   ask documents; the answer cites what it says"""


@magics_class
class StratalabMagics(Magics):
    """Stratalab in a notebook."""

    @line_magic
    def stratalab(self, line: str) -> None:
        """List the magics."""
        read_words(line, ())
        print(OVERVIEW)

    @line_magic
    def datasets(self, line: str) -> Table:
        """%datasets [words]: find datasets by name, column, tag, owner or description."""
        return datasets.find(shared(), line.strip())

    @line_magic
    def dataset(self, line: str) -> Path:
        """%dataset name[@version]: mount a dataset version; returns the folder of its files."""
        words = read_words(line, ())
        if len(words.plain) != 1:
            raise usage("Name one dataset.", "%dataset flights or %dataset flights@2; %datasets lists them.")
        return datasets.mount(words.plain[0], shared())

    @line_cell_magic
    def sql(self, line: str, cell: str | None = None) -> Any:
        """%%sql [limit=1000] [datasets=a@1] [into=name]: run one SELECT over datasets; returns a DataFrame."""
        words = read_words("" if cell is None else line, sql.OPTIONS)
        found = sql.run(shared(), words, line if cell is None else cell)
        into = words.options.get("into")
        if into is None:
            return found
        if not into.isidentifier():
            raise usage(f"'{into}' cannot be the name of a variable.")
        self.shell.user_ns[into] = found
        return None

    @cell_magic
    def job(self, line: str, cell: str) -> None:
        """%%job [processes=2] [gpus=…] [name=…] [launcher=…] [datasets=a,b] [output=name]: run the cell as a job."""
        words = read_words(line, jobs.OPTIONS)
        wait = words.options.get("wait", "yes")
        if wait not in ("yes", "no"):
            raise usage(f"wait={wait} must be yes or no.")
        submitted = jobs.submit(shared(), jobs.job_of(cell, words))
        if wait == "no":
            print(f"{jobs.sentence_of(submitted)}. See it with  %job {submitted['id']}")
            return
        JobView(shared(), submitted["id"]).follow()

    @line_magic("job")
    def job_again(self, line: str) -> None:
        """%job ID [cancel|retry]: watch a job again from its beginning, stop it, or run it again."""
        words = read_words(line, ()).plain
        if len(words) not in (1, 2) or (len(words) == 2 and words[1] not in ("cancel", "retry")):
            raise usage("Name one job.", "%job ID, %job ID cancel or %job ID retry; %jobs lists them.")
        job_id = words[0]
        if words[1:] == ["cancel"]:
            print(jobs.sentence_of(jobs.cancel(shared(), job_id)))
            return
        if words[1:] == ["retry"]:
            job_id = jobs.retry(shared(), job_id)["id"]
        JobView(shared(), jobs.get(shared(), job_id)["id"]).follow()

    @line_magic
    def jobs(self, line: str) -> Table:
        """%jobs [active|finished]: list jobs, newest first."""
        activity = line.strip() or None
        if activity not in (None, "active", "finished"):
            raise usage(f"'{activity}' is not a kind of jobs.", "%jobs, %jobs active or %jobs finished")
        return jobs.find(shared(), activity)

    @line_magic
    def models(self, line: str) -> Table:
        """%models [words]: list registered models."""
        return models.find(shared(), line.strip())

    @line_magic
    def deploy(self, line: str) -> None:
        """%deploy model[@version|@alias] [replicas=1] [name=…]: serve a model, and wait until it answers."""
        models.deploy(shared(), read_words(line, models.OPTIONS))

    @cell_magic
    def ask(self, line: str, cell: str) -> asking.Answer:
        """%%ask collection [endpoint=…] [k=4]: ask the documents of a collection."""
        return asking.ask(shared(), read_words(line, asking.OPTIONS), cell)
