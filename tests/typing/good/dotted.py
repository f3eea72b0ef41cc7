"""The library by its own name, and a forward reference without the future import."""

import pconfigs


@pconfigs.pconfiged(runnable=True)
class Job:
    config: "JobConfig"

    def main(self, *args: object, **kwargs: object) -> None:
        print(self.config.size)


@pconfigs.pconfig(constructs=Job)
class JobConfig(pconfigs.PConfig[Job]):
    size: int
    double: pconfigs.Pinned[int]

    @pconfigs.pproperty
    def double(self) -> int:
        return 2 * self.size


pconfigs.pdefaults += JobConfig(size=1, double=pconfigs.Pinned)
job: Job = JobConfig(size=2).construct()
required: JobConfig = JobConfig(size=pconfigs.Required)
