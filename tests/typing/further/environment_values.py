"""A default of the wrong type for a variable, and a value taken for another type."""

from pconfigs import penv


@penv
class JobEnv:
    JOBS: int = "four"  # wrong: mypy[assignment] pyright[reportAssignmentType]


jobs: str = JobEnv.JOBS  # wrong: mypy[assignment] pyright[reportAssignmentType]
