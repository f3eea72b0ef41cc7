"""A default of the wrong type for a variable, and a value taken for another type."""

from pconfigs import EnvVar, penv


@penv
class JobEnv:
    JOBS: int = "four"  # wrong: mypy[assignment] pyright[reportAssignmentType]
    shell: str = EnvVar("SHELL", 3)  # wrong: mypy[assignment] pyright[reportAssignmentType]


jobs: str = JobEnv.JOBS  # wrong: mypy[assignment] pyright[reportAssignmentType]
