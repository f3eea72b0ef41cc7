"""The mutants of `tools/mutants.py`, which run apart from the tests, fit the code of today."""

import re

import pytest

pytest.importorskip("resource")  # of POSIX


def test_each_mutant_has_its_line_and_its_tests():
    """A line that is not there, or cannot be broken, would be found only by the next full run."""
    from tools.mutants import MUTANTS, ROOT

    for mutant in MUTANTS:
        text = (ROOT / mutant.file).read_text(encoding="utf-8")
        changed, count = re.subn(mutant.pattern, lambda _, new=mutant.new: new, text, count=1)
        assert count, f"{mutant.file}: {mutant.pattern}"
        assert changed != text
        compile(changed, mutant.file, "exec")
        assert [name for name in mutant.tests if not (ROOT / name).exists()] == []
