"""Container paths: mapped by components, by the first source that knows a mount."""

from pathlib import Path, PurePosixPath

import pytest

from pconfigs.artifacts.container import Mount, Places, parse_mountinfo

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
    places = Places({"/mounted": "/mounted"}, parse_mountinfo(MOUNTINFO))
    assert places.host(path) == expected


def test_mounts_of_the_executor_win_and_the_longest_counts():
    mounts = {"/nemo_run": "/a", "/nemo_run/code": "/b"}
    places = Places(mounts, parse_mountinfo(MOUNTINFO))
    assert places.host("/nemo_run/code/x") == "/b/x"
    assert places.host("/nemo_run/codes") == "/a/codes"


def test_the_variable_is_asked_last():
    mounts, environment = {"/mounted": "/mounted"}, {"NEMO_RUN_DIR": "/jobs/7"}
    places = Places(mounts, environment=environment)
    assert places.host("/nemo_run/x") == "/jobs/7/x"
    assert places.host("/nemo_run2/x") is None
    info = [Mount("8:1", PurePosixPath("/real"), PurePosixPath("/nemo_run"))]
    assert Places(mounts, info, environment).host("/nemo_run/x") == "/real/x"


def test_a_host_maps_nothing_but_the_folder_of_jobs(tmp_path):
    """It has bind mounts and subvolumes of its own, which are no containers'."""
    places = Places(mountinfo=parse_mountinfo(MOUNTINFO))
    assert places.host("/data/y") == "/data/y"
    assert places.host("/nemo_run/x") == "/lustre/users/me/job 1/x"
    assert Places().host("/nemo_run/x") is None
    assert Places().here(str(tmp_path)) == tmp_path


def test_paths_lead_in_and_out_of_a_container(tmp_path):
    places = Places({"/data": "/scratch", "/data/old": "/scratch/old", "/same": "/same"})
    assert places.host("/data/y") == "/scratch/y"
    assert places.host("/same/y") == "/same/y"
    assert places.host("/tmp/y") is None
    assert places.here("/scratch/y") == Path("/data/y")
    assert places.here("/scratch/old/y") == Path("/data/old/y")
    assert places.here("/scratched/y") == Path("/scratched/y")
    jobs = Places(environment={"NEMO_RUN_DIR": "/jobs/7"})
    assert jobs.here("/jobs/7/x") == Path("/nemo_run/x")
