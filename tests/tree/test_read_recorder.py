"""Reads: what code reads of a config is recorded, and nothing else changes."""

import dataclasses
import pickle
import subprocess
import sys

import pytest

from pconfigs import pconfig, pset
from pconfigs.annotations.kinds import MISSING
from pconfigs.tree.read_recorder import ReadRecorder, _Hook
from pconfigs.tree.unused import unused
from tests.models.systems import Block, Experiment, Model


def test_what_is_read_is_reported_in_the_order_of_the_walk():
    config = Experiment()
    with ReadRecorder(config) as reads:
        assert config.model.blocks[1].width == 2
        assert getattr(config, "depth") == 6  # noqa: B009
    assert reads.paths() == ["model", "depth", "model.blocks", "model.blocks[1].width"]


def test_what_the_library_reads_does_not_count():
    config = Block(width=3)
    with ReadRecorder(config) as reads:
        repr(config)
        hash(config)
        config.asdict()
        pickle.dumps(config)
        Block(config, lr=3.0)
        pset(config, {"width": 7})
        assert config == Block(config)
    assert reads.paths() == []


def test_variants_made_meanwhile_are_not_of_the_tree():
    config = Block(width=3)
    with ReadRecorder(config) as reads:
        assert Block(config, width=4).width == 4
    assert reads.paths() == []


def test_nothing_is_watched_afterwards():
    config = Experiment()
    with pytest.raises(ZeroDivisionError), ReadRecorder(config) as reads:
        1 / 0
    assert config.depth
    assert reads.paths() == []
    assert not vars(Experiment).keys() & {"depth", "model", "tags"}
    assert not vars(Block).keys() & {"width", "lr"}


def test_a_class_with_its_own_way_of_reading_keeps_it():
    @pconfig
    class Odd:
        x: int

        def __getattribute__(self, name):
            found = super().__getattribute__(name)
            return found + 1 if name == "x" else found

    config = Odd(x=1)
    own = Odd.__dict__["__getattribute__"]
    before = config.x
    with ReadRecorder(config) as reads:
        assert config.x == before
    assert reads.paths() == ["x"]
    assert Odd.__dict__["__getattribute__"] is own


def test_a_field_that_all_have_read_is_as_before():
    config = Experiment(model=Model(blocks=[Block(width=8), Block(width=9)]))
    with ReadRecorder(config):
        first, *others = [*config.model.blocks, *config.model.heads.values()]
        assert "width" in vars(Block)
        assert (first.width, first.width) == (8, 8)
        assert "width" in vars(Block)
        assert all(other.width for other in others)
        assert "width" not in vars(Block)
        assert "lr" in vars(Block)
    assert not set(vars(Block)) & {"width", "lr"}


def test_two_threads_may_give_a_class_back_what_it_had():
    class Racing(_Hook):
        """Another thread takes it away when this one is about to."""

        @property
        def _before(self):
            type.__delattr__(Block, "width")
            return MISSING

        @_before.setter
        def _before(self, value):
            pass

    hook = Racing("width", Block)
    type.__setattr__(Block, "width", hook)
    hook.remove()
    assert "width" not in vars(Block)


def test_after_the_most_reads_all_configs_of_the_class_count_as_read():
    config = Experiment(model=Model(blocks=[Block(width=8), Block(width=9)]))
    with ReadRecorder(config, most=3) as reads:
        block = config.model.blocks[0]
        for _ in range(3):
            assert block.width == 8
        assert "width" not in vars(Block)
    widths = [path for path in reads.paths() if path.endswith(".width")]
    assert len(widths) == len(config.model.blocks) + len(config.model.heads)


def test_classes_that_are_pickled_by_value_work_in_another_process(tmp_path):
    cloudpickle = pytest.importorskip("cloudpickle")
    space = {"__name__": "__main__", "pconfig": pconfig}
    exec("@pconfig\nclass Local:\n    x: int\n    y: int\n", space)
    config = space["Local"](x=1, y=2)
    with ReadRecorder(config):
        content = cloudpickle.dumps(config)
    code = "import pickle, sys; one = pickle.load(sys.stdin.buffer); print(one.x, one.y, one)"
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, input=content, capture_output=True, check=False)
    assert done.stdout.decode().split()[:2] == ["1", "2"], done.stderr


def test_a_config_can_be_made_and_changed_meanwhile():
    config = Block(width=3)
    with ReadRecorder(config) as reads:
        variant = Block(config, width=4)
        assert pset(variant, {"width": 5}).width == 5
        assert pickle.loads(pickle.dumps(config)) == config
        assert not hasattr(Block, "width")
    assert reads.paths() == []
    assert vars(config).keys() == vars(variant).keys()


def test_configs_keep_their_class():
    config = Block(width=3)
    with ReadRecorder(config):
        assert type(config) is Block
        assert dataclasses.is_dataclass(config)


def test_what_neither_was_read_nor_fed_anything_read_is_unused():
    config = Experiment(model=Model(blocks=[Block(width=8), Block(width=9)]), depth=3, tags=("q",))
    told = {str(one.path): one.reason for one in unused(config, {"cost"})}
    assert told == {
        "tags": "unread",
    }


def test_what_a_run_read_is_used():
    config = Experiment(depth=3, tags=("q",))
    assert [str(one.path) for one in unused(config, {"tags", "depth"})] == []
    assert [str(one.path) for one in unused(config, set())] == ["depth", "tags"]
