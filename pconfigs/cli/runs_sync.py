"""`python -m pconfigs.runs sync [RUN ...]`: send trackers what they have not been sent yet."""

from __future__ import annotations

from argparse import Namespace

from pconfigs.cli.output import no_store, print_error
from pconfigs.runs.capture.followers import trackers_in, trackers_of
from pconfigs.runs.location import project_folder
from pconfigs.runs.reading.lookup import find_run
from pconfigs.runs.reading.runs import Run
from pconfigs.runs.reading.summaries import read_runs
from pconfigs.runs.store import find_store
from pconfigs.trackers.follower import Follower, has_ended, is_complete, problem_of
from pconfigs.trackers.progress import read_progress

SENT, FOLLOWED = "sent", "its follower sends it until it has ended"


def command(asked: Namespace) -> int:
    """Send what is missing, and wait until all is sent; 1 where something could not be."""
    store = find_store()
    if store is None:
        return no_store()
    if asked.tracker:
        trackers_of(project_folder(store.folder), asked.tracker)
    runs = [find_run(one, store) for one in asked.runs] or list(reversed(read_runs(store)))
    problems = 0
    sent = 0
    for run in runs:
        for tracker in asked.tracker or trackers_in(run.record):
            if is_complete(run.status, read_progress(run.record, tracker)):
                continue
            problem = _send(run, tracker)
            problems += problem not in (SENT, FOLLOWED)
            sent += 1
            print_error(f"{run.id} to {tracker}: {problem}")
    if not sent:
        print_error("all trackers have been sent all")
    return 1 if problems else 0


def _send(run: Run, tracker: str) -> str:
    """Send what is missing, once no other process does; return how that ended."""
    follower = Follower(run.record, tracker)
    try:
        if not follower.sync():
            if not has_ended(run.record.status()):
                return FOLLOWED
            print_error(f"{run.id} to {tracker}: waiting for its follower")
            follower.sync(wait=True)
    except Exception as error:  # of the client's own
        return problem_of(error)
    return SENT
