"""Measure which public recipes of NeMo RL load over `project.posttraining.nemo_files`.

`python tools/recipes.py RL/examples/configs`, with a clone of that repository, loads each YAML file
over the experiment whose file it extends in the end, and compares the values with those of
OmegaConf, merged as that repository merges them. `--adopt` adopts each file that extends no other,
with all that extend it, into a folder that is removed afterwards. Nothing of the files is run.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pconfigs import pdump, pload_file  # noqa: E402
from pconfigs.adoption.reading.readers import read_source  # noqa: E402
from pconfigs.adoption.result import adopt  # noqa: E402
from pconfigs.errors import PConfigError  # noqa: E402
from pconfigs.serialization.formats.arithmetic import ARITHMETIC  # noqa: E402
from project.posttraining.nemo_files.experiments import dpo, grpo, sft  # noqa: E402
from project.posttraining.nemo_files.nemo_file import NemoFile  # noqa: E402

BASES = {"grpo_math_1B.yaml": grpo.config, "sft.yaml": sft.config, "dpo.yaml": dpo.config}
COLUMNS = ("files", "load", "equal", "more", "differ", "refused")


def main(words: list[str]) -> int:
    """Print a line for each file that extends no other; return 1 if any value differs."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--adopt", action="store_true", help="adopt the files instead")
    asked = parser.parse_args(words)
    for name, function in ARITHMETIC.items():
        OmegaConf.register_new_resolver(name, function, replace=True)
    groups: dict[Path, list[Path]] = {}
    for file in sorted(asked.folder.rglob("*.yaml")):
        root = root_of(file)
        own = groups.setdefault(root, [])
        if file.resolve() != root:
            own.append(file)
    return adopted(groups) if asked.adopt else loaded(groups, asked.folder)


def loaded(groups: dict[Path, list[Path]], folder: Path) -> int:
    """Load all files as overlays, and print how many there are of each kind."""
    print(f"{'extends':49}" + "".join(f"{name:>9}" for name in COLUMNS))
    total: Counter[str] = Counter()
    for root, others in sorted(groups.items(), key=lambda group: -len(group[1])):
        files = [root, *others] if root.is_relative_to(folder.resolve()) else others
        counts = Counter(kind for file in files for kind in outcome(file, BASES.get(root.name)))
        print(f"{root.stem:49}" + "".join(f"{counts[name]:9}" for name in COLUMNS))
        total += counts
    print(f"{'all':49}" + "".join(f"{total[name]:9}" for name in COLUMNS))
    return 1 if total["differ"] else 0


def outcome(file: Path, base: NemoFile | None) -> Iterator[str]:
    """Yield what holds of one file, by the names of the columns.

    `more` are files whose config has values that the file leaves out, such as computed ones.
    """
    yield "files"
    if base is None:
        yield "refused"
        return
    try:
        config = pload_file(str(file), NemoFile, base=base, resolvers=ARITHMETIC)
    except PConfigError:
        yield "refused"
        return
    yield "load"
    theirs = OmegaConf.to_container(merged(file), resolve=True)
    found = differences(theirs, pdump(config, to="values"))
    yield "equal" if not found else "more" if found == {"more"} else "differ"


def differences(theirs: Any, ours: Any) -> set[str]:
    """Return "more" where ours has further keys, and "differ" where values differ."""
    if not (isinstance(theirs, dict) and isinstance(ours, dict)):
        return set() if theirs == ours else {"differ"}
    found = {"more"} if ours.keys() - theirs.keys() else set()
    found |= {"differ"} if theirs.keys() - ours.keys() else set()
    for key in theirs.keys() & ours.keys():
        found |= differences(theirs[key], ours[key])
    return found


def parents(tree: Any) -> list[str]:
    """Return the files that a tree extends."""
    found = tree.get("defaults", [])
    return [found] if isinstance(found, str) else [str(name) for name in found]


def root_of(file: Path) -> Path:
    """Return the file that a file extends in the end."""
    while names := parents(OmegaConf.load(file)):
        file = file.parent / names[0]
    return file.resolve()


def merged(file: Path) -> Any:
    """Return a file over those that it extends; sections marked `_override_` replace."""
    tree: Any = OmegaConf.load(file)
    below: Any = OmegaConf.create({})
    for name in parents(tree):
        below = over(below, merged(file.parent / name))
    tree.pop("defaults", None)
    return over(below, tree)


def over(below: Any, above: Any) -> Any:
    """Return one tree over another."""
    for key in list(above):
        part = None if OmegaConf.is_missing(above, key) else above[key]
        if isinstance(part, DictConfig) and part.pop("_override_", False):
            below.pop(key, None)
    return OmegaConf.merge(below, above)


def adopted(groups: dict[Path, list[Path]]) -> int:
    """Adopt each root with all that extend it, and print what was compared."""
    print(f"{'extends':49}{'files':>9}{'values':>9}{'differ':>9}{'to decide':>11}")
    differ = 0
    with tempfile.TemporaryDirectory() as folder:
        sys.path.insert(0, folder)
        for number, (root, others) in enumerate(sorted(groups.items())):
            package = f"adopted_{number}"
            source = read_source(Path(os.path.relpath(root)), others)
            done = adopt(source, Path(folder) / package, package, force=True)
            counts = f"{len(done.targets):9}{done.compared:9}{len(done.differences):9}"
            print(f"{root.stem:49}{counts}{len(done.findings):11}")
            differ += len(done.differences)
        sys.path.remove(folder)
    return 1 if differ else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (PConfigError, OmegaConfBaseException, OSError) as error:
        sys.exit(f"{error}")
