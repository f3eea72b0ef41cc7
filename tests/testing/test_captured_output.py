"""Output of imported modules is kept from the terminal, wherever it may be kept meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

import pytest

from pconfigs.testing.captured_output import Swallowed


@pytest.mark.parametrize("folder", ["", "nowhere"])
def test_output_is_swallowed_where_no_file_can_be_written(folder, tmp_path, monkeypatch, capfd):
    with monkeypatch.context() as patched:
        patched.setattr(tempfile, "tempdir", str(tmp_path / folder))
        with Swallowed() as loud:
            os.write(1, b"by a descriptor\n")
            subprocess.run([sys.executable, "-c", "print('by a process')"], check=True)
            print("by Python")
        with Swallowed() as silent:
            pass
    assert (loud.printed, silent.printed) == (True, False)
    assert capfd.readouterr() == ("", "")
