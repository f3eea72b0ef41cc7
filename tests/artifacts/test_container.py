"""Container paths: mapped by components, by the first source that knows a mount."""

from pathlib import PurePosixPath

import pytest

from pconfigs.artifacts.container import Mount, host_path, parse_mountinfo

MOUNTINFO = r"""
22 1 0:21 / / rw - overlay overlay rw
30 22 8:16 / /lustre rw - lustre mgs rw
31 22 8:16 /users/me/job\0401 /nemo_run rw - lustre mgs rw
32 22 8:32 /scratch /data rw - ext4 /dev/sdb rw
""".strip()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/nemo_run/x/iter_1", "/lustre/users/me/job 1/x/iter_1"),
        ("/nemo_run", "/lustre/users/me/job 1"),
        ("/data/y", "/scratch/y"),  # the file system is not mounted whole: its root is all there is
        ("/nemo_run2/x", None),
        ("/elsewhere", None),
    ],
)
def test_mountinfo_maps_bind_mounts(path, expected):
    found = host_path(path, mountinfo=parse_mountinfo(MOUNTINFO))
    assert found == (None if expected is None else PurePosixPath(expected))


def test_mounts_of_the_executor_win_and_the_longest_counts():
    mounts = {"/nemo_run": "/a", "/nemo_run/code": "/b"}
    info = parse_mountinfo(MOUNTINFO)
    assert host_path("/nemo_run/code/x", mounts, info) == PurePosixPath("/b/x")
    assert host_path("/nemo_run/codes", mounts, info) == PurePosixPath("/a/codes")


def test_the_variable_is_asked_last():
    environment = {"NEMO_RUN_DIR": "/jobs/7"}
    assert host_path("/nemo_run/x", environment=environment) == PurePosixPath("/jobs/7/x")
    assert host_path("/nemo_run2/x", environment=environment) is None
    info = [Mount("8:1", PurePosixPath("/real"), PurePosixPath("/nemo_run"))]
    assert host_path("/nemo_run/x", {}, info, environment) == PurePosixPath("/real/x")
