"""Runs: what happened when a config ran.

A run is a folder in a store; files are the truth, and each has one writer.

    runs/
      store.json                      schema of the store, one integer
      .code/ab/cdef...                source files of runs, each content once
      .claims/                        drafts of folders that are being claimed
      .smoke/                         runs of `--smoke`
      <name>[,<override>...]-<fingerprint8>.<n>/
        run.json                      what was planned: target, overrides, fingerprint, class, base
        config.json                   the config as planned, as `pdump` writes it
        status.json                   state, attempt, process, start, end, exit code, error
        attempts/1.json               start facts of an attempt: host, GPUs, packages, env, seeds
        metrics.jsonl                 a line a row; metrics.r1.jsonl of rank 1
        log.txt                       what was printed; log.r1.txt of rank 1
        code.json                     source files, and functions that ran
        git.txt, git.patch            commit, status, remotes; difference to the commit
        files/                        the run's own files: `prun.dir`

Which module owns which step:

    location    where the store is, found without reading it
    store       its layout and schema; claiming a folder
    folder      reading and writing the small files of one run
    planning    config -> run.json, config.json: the files of a planned run
    status      states; which process runs an attempt, and whether it is still alive
    recorder    the life of one attempt: start, main, end
    attempts    what a program reaches of the attempt that its process records
    current     `prun`, which finds the attempt of its process
    metrics     checking logged values; writing and reading rows
    streams     what is printed, into the log
    masking     secret values, replaced in everything that is written
    blocks      `with prun.record(config)`: runs that no command starts
    ranks       several processes of one run; agreement compares what they would run
    capture     git, host, sources, functions that ran
    reading     runs as objects: lookup, listing, conditions, columns, summaries in a cache
    changes     code, values and artifacts compared with those of today, or of another run
    lineage     artifacts that runs produce and consume
    results     all runs as a table, frames, curves, one page
    upkeep      notes, marks, stopping, cleaning

`python -m pconfigs.run --into FOLDER` runs a planned or interrupted run in its own folder as the
next attempt. It is the command line of jobs.

A program that imports `prun` may neither be recorded nor log anything: what records a block, checks
metrics or is shared by the processes of one run is loaded when it is needed (json, re).
"""

from __future__ import annotations

from pconfigs.deferred import loader_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.runs import blocks as blocks, metrics as metrics, ranks as ranks

_MODULES = {
    "blocks": "pconfigs.runs.blocks",
    "metrics": "pconfigs.runs.metrics",
    "ranks": "pconfigs.runs.ranks",
}
__getattr__ = loader_of(__name__, _MODULES)
