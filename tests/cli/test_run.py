"""`run`: what is run, how it is called, what its result means, and what is refused."""

from __future__ import annotations

import json
import signal
import subprocess

import pytest


def test_main_gets_the_target_as_typed_and_the_words_after_the_dashes(lab):
    target = lab.greeter()
    done = lab.call("run", target, "--", "-x", "a=b", "--", "c")
    assert (done.code, done.out) == (0, f"hello {target} ['-x', 'a=b', '--', 'c']\n")


@pytest.mark.parametrize("form", ["lab.exp.config", "lab.exp", "lab/exp.py", "lab/exp.py:config"])
def test_every_form_of_a_target_runs(lab, form):
    lab.greeter(greeting="hi")
    done = lab.call("run", form)
    assert (done.code, done.out) == (0, f"hi {form} []\n")


def test_a_config_within_another_object_runs(lab):
    lab.experiment(
        "held",
        "from lab.parts import GreeterConfig\n"
        "class Holder:\n    one = GreeterConfig(greeting='one')\n"
        "table = {'two': [GreeterConfig(greeting='two')]}\n",
    )
    assert lab.call("run", "lab.held.Holder.one").out == "one lab.held.Holder.one []\n"
    assert lab.call("run", "lab.held.table[two][0]").out == "two lab.held.table[two][0] []\n"


def test_a_file_outside_of_any_importable_folder_runs(lab, tmp_path_factory):
    lab.greeter(greeting="from afar")
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "an-experiment.py"
    elsewhere.write_text("from lab.exp import config\n")
    done = lab.call("run", str(elsewhere))
    assert (done.code, done.out) == (0, f"from afar {elsewhere} []\n")


@pytest.mark.parametrize(
    ("result", "code", "said"),
    [
        (None, 0, ""),
        (0, 0, ""),
        (3, 3, ""),
        (True, 1, ""),
        (False, 0, ""),
        (-1, 255, ""),
        (256, 1, ""),
        ("it broke", 1, "it broke\n"),
        (0.97, 1, "Greeter.main returned 0.97 (float)"),
    ],
)
def test_the_result_of_main_is_the_exit_code(lab, result, code, said):
    done = lab.call("run", lab.greeter(result=result))
    assert done.code == code
    assert done.err.startswith(said)
    assert bool(done.err) == bool(said)


def _with_main(lab, body, module="lab_parts"):
    lab.write(
        f"lab/{module}.py",
        "from __future__ import annotations\n"
        "import sys\n"
        "from pconfigs import pconfig, pconfiged\n"
        "@pconfiged(runnable=True)\n"
        "class Job:\n"
        "    config: JobConfig\n"
        + "".join(f"    {line}\n" for line in body.splitlines())
        + "@pconfig(constructs=Job)\nclass JobConfig:\n    x: int\n",
    )
    return lab.experiment("job", f"from lab.{module} import JobConfig\nconfig = JobConfig(x=1)\n")


def test_a_main_of_any_parameters_gets_both_arguments(lab):
    target = _with_main(
        lab, "def main(self, *args, **kwargs):\n    print(args[0].config, args[1:], kwargs)"
    )
    assert lab.call("run", target).out == f"{target} ([],) {{}}\n"


def test_a_main_of_one_parameter_is_refused_with_what_it_is_given(lab):
    done = lab.call("run", _with_main(lab, "def main(self, args):\n    pass"))
    assert done.code == 2
    assert "main(namespace, args)" in done.err
    assert "Traceback" not in done.err


def test_an_uncaught_exception_shows_the_users_frames_only(lab):
    target = _with_main(
        lab, "def main(self, *args):\n    self.fail()\ndef fail(self):\n    raise KeyError('k')"
    )
    done = lab.call("run", target)
    assert done.code == 1
    assert done.err.startswith("Traceback")
    assert done.err.endswith("KeyError: 'k'\n")
    assert done.err.count('File "') == 2
    assert "pconfigs" not in done.err.replace("lab_parts", "")
    assert "cli" in lab.call("run", "--traceback", target).err


def test_a_type_error_inside_main_is_not_taken_for_a_wrong_signature(lab):
    done = lab.call("run", _with_main(lab, "def main(self, *args):\n    len(3)"))
    assert done.code == 1
    assert "len(3)" in done.err


def test_an_exception_in_the_constructor_fails_the_run(lab):
    done = lab.call(
        "run", _with_main(lab, "def __init__(self):\n    1 / 0\ndef main(self, *args):\n    pass")
    )
    assert done.code == 1
    assert "ZeroDivisionError" in done.err
    assert done.err.count('File "') == 1


@pytest.mark.parametrize(
    ("how", "code", "said"), [("7", 7, ""), ("'stop'", 1, "stop\n"), ("", 0, "")]
)
def test_system_exit_in_main_is_honoured(lab, how, code, said):
    done = lab.call("run", _with_main(lab, f"def main(self, *args):\n    sys.exit({how})"))
    assert (done.code, done.err) == (code, said)


def test_an_experiment_module_that_ends_the_process_has_failed(lab):
    done = lab.call("run", lab.experiment("ends", "import sys\nsys.exit(0)\n"))
    assert done.code == 1
    assert "lab/ends.py:2 ends the process" in done.err


def test_a_runnable_class_without_main_is_reported(lab):
    done = lab.call("run", _with_main(lab, "pass"))
    assert done.code == 1
    assert "add to its body: def main(self, namespace, args), or def main(self)" in done.err


DECLARES = """\
@classmethod
def make_argparser_args(cls, parser):
    parser.add_argument("--resume", metavar="RUN", help="which run to go on with")
    parser.add_argument("--tags", nargs="*")
    parser.add_argument("--dry", action="store_true")
def main(self, namespace, others):
    print(vars(namespace), others)
"""


def test_declared_options_reach_main(lab):
    target = _with_main(lab, DECLARES)
    done = lab.call("run", target, "--resume", "a=b", "--tags", "x=1", "y", "--dry", "--", "z")
    assert done.code == 0
    expected = {"resume": "a=b", "tags": ["x=1", "y"], "dry": True, "config": target}
    assert done.out == f"{expected} ['z']\n"


def test_help_after_the_target_shows_declared_options_under_its_name(lab):
    target = _with_main(lab, DECLARES)
    done = lab.call("run", target, "--help")
    assert done.code == 0
    assert done.out.startswith(f"usage: {target} ")
    assert "--resume RUN" in done.out
    assert "which run to go on with" in done.out
    assert "--dry-run" in done.out


def test_an_option_of_the_class_wins_after_the_target(lab):
    target = _with_main(
        lab,
        "@classmethod\n"
        "def make_argparser_args(cls, parser):\n"
        "    parser.add_argument('--dry-run', dest='mine', action='store_true')\n"
        "def main(self, namespace, others):\n"
        "    print(vars(namespace))\n",
    )
    assert lab.call("run", target, "--dry-run").out == f"{{'mine': True, 'config': {target!r}}}\n"
    assert lab.call("run", "--dry-run", target).out.startswith("would run lab.lab_parts.Job.main\n")


def test_a_class_may_not_declare_config(lab):
    target = _with_main(
        lab,
        "@classmethod\n"
        "def make_argparser_args(cls, parser):\n"
        "    parser.add_argument('--config')\n"
        "def main(self, *args):\n"
        "    print('ran')\n",
    )
    done = lab.call("run", target)
    assert (done.code, done.out) == (2, "")
    assert "declares 'config'" in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["more"], "'more' is not understood"),
        (["--resum", "x"], "did you mean --resume?"),
        (["--config", "x"], "--config is not given twice"),
        (["--config=x"], "--config is not given twice"),
        (["-x"], "there is no option -x"),
        (["--x=2"], "a field is set without dashes: x=..."),
        (["--zzz"], "it knows -h, --help"),
        (["y=2"], "y=2: no field 'y' in JobConfig"),
        (["--resume"], "expected one argument"),
    ],
)
def test_what_is_not_understood_is_refused_and_nothing_runs(lab, words, said):
    done = lab.call("run", _with_main(lab, DECLARES), *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "which target?"),
        (["--", "lab.exp"], "which target?"),
        (["--dry-rn", "lab.exp"], "did you mean --dry-run?"),
        (["--config", "lab.exp"], "without --config"),
    ],
)
def test_words_before_the_target_are_understood_or_refused(lab, words, said):
    lab.greeter()
    done = lab.call("run", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_dry_run_builds_everything_and_runs_nothing(lab):
    target = _with_main(
        lab, "def __init__(self):\n    print('built')\ndef main(self, *args):\n    print('ran')"
    )
    done = lab.call("run", target, "--dry-run", "--", "a")
    assert done.code == 0
    assert done.out.startswith(
        "built\nwould run lab.lab_parts.Job.main\ntarget: lab.job.config\n"
        "arguments: ['a']\nconfig: JobConfig("
    )
    assert "ran" not in done.out


def test_an_open_config_is_refused_with_all_that_is_open(lab):
    target = lab.experiment(
        "open",
        "from pconfigs import Required\n"
        "from lab.parts import GreeterConfig\n"
        "config = GreeterConfig(greeting=Required, result=Required)\n",
    )
    done = lab.call("run", target)
    assert (done.code, done.out) == (2, "")
    assert "greeting, result" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("{'a': 1}", "it is a dict, not a config"),
        ("PlainConfig(width=1)", "PlainConfig constructs nothing"),
        ("PartConfig(width=1)", "PartConfig constructs Part, which is not runnable"),
        ("GreeterConfig", "GreeterConfig is a config class; an experiment is a config"),
        ("Greeter", "it is the class Greeter, not a config"),
    ],
)
def test_what_cannot_be_run_is_refused_with_the_reason(lab, value, said):
    names = "Greeter, GreeterConfig, PartConfig, PlainConfig"
    text = f"from lab.parts import {names}\nreal = GreeterConfig()\nconfig = {value}\n"
    target = lab.experiment("other", text)
    done = lab.call("run", target)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "run can run: real" in done.err


PIN = "from lab.parts import GreeterConfig\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("from pconfigs import Pin\nconfig = GreeterConfig()\n", 2),
        ("from pconfigs.pinnable import Pin as P\nconfig = GreeterConfig()\n", 2),
        ("import pconfigs\nconfig = GreeterConfig(times=pconfigs.Pin(5))\n", 3),
        ("import pconfigs as pc\nconfig = GreeterConfig(times=pc.pinnable.Pin(5))\n", 3),
        ("from pconfigs import pinnable\nconfig = GreeterConfig(times=pinnable.Pin(5))\n", 3),
        (
            "def made():\n    from pconfigs import Pin\n    return Pin\nconfig = GreeterConfig()\n",
            3,
        ),
        ("from lab.parts import Pin as P\nconfig = GreeterConfig()\n", 2),
        ("from lab.parts import *\nconfig = GreeterConfig()\n", 2),
    ],
)
def test_an_experiment_that_pins_is_refused(lab, text, line):
    done = lab.call("run", lab.experiment("pins", f"{PIN}{text}"))
    assert (done.code, done.out) == (2, "")
    assert f"lab/pins.py:{line} uses Pin" in done.err


def test_a_module_that_defines_config_classes_may_pin(lab):
    lab.write(
        "lab/parts.py", (lab.folder / "lab/parts.py").read_text() + "config = GreeterConfig()\n"
    )
    assert lab.call("run", "lab.parts").code == 0


def test_a_pin_of_another_library_is_not_ours(lab):
    text = "import types\nboard = types.SimpleNamespace(Pin=int)\nwire = board.Pin(3)\n"
    assert (
        lab.call("run", lab.experiment("wires", f"{PIN}{text}config = GreeterConfig()\n")).code == 0
    )


def test_circular_experiments_are_reported_with_their_circle(lab):
    lab.experiment("a", "from lab.b import config\n")
    lab.experiment("b", "from lab.a import config\n")
    done = lab.call("run", "lab.a.config")
    assert done.code == 1
    assert "these modules import each other: lab.a -> lab.b -> lab.a" in done.err


def test_a_circle_through_the_module_itself_is_reported_on_every_python(lab):
    """`import lab.one` finds the package, which does not have its module yet."""
    lab.experiment("one", "from lab.two import config\n")
    target = lab.experiment("two", "import lab.one\nconfig = lab.one.config\n")
    done = lab.call("run", target.replace("two", "one"))
    assert done.code == 1
    assert "these modules import each other: lab.one -> lab.two -> lab.one" in done.err


def test_a_config_that_cannot_be_built_is_reported_without_a_traceback(lab):
    lab.experiment(
        "wrong", "from lab.parts import GreeterConfig\nconfig = GreeterConfig(greting='hi')\n"
    )
    done = lab.call("run", lab.experiment("user", "from lab.wrong import config\n"))
    assert done.code == 1
    assert "GreeterConfig has no field 'greting'" in done.err
    assert "Traceback" not in done.err
    assert done.err.endswith("    imported by lab/user.py:1\n")


def test_an_interrupted_main_exits_with_130_and_no_traceback(lab):
    target = _with_main(
        lab,
        "def main(self, *args):\n"
        "    import threading\n"
        "    print('started', flush=True)\n"
        "    threading.Event().wait(50)\n",
    )
    process = subprocess.Popen(
        lab.command_line("pconfigs.run", target),
        cwd=lab.folder,
        env=lab.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert process.stdout.readline() == "started\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, out, err) == (130, "", "interrupted\n")


def test_settings_of_several_configs_are_not_searched_for_those_without_effect(lab):
    lab.greeter(greeting="hi")
    lab.write("lab/both.py", "from lab.exp import config\nboth = {'a': config}\n")
    done = lab.call("explain", "lab.both.both", "--unused")
    assert done.code == 2
    assert done.err.startswith("lab.both.both: cannot be explained: it is a dict")


def test_a_process_of_its_own_runs_and_hands_on_the_exit_code(lab):
    done = lab.start("pconfigs.run", lab.greeter(greeting="grüße", result=5), "--", "é")
    assert (done.code, done.out, done.err) == (5, "grüße lab.exp.config ['é']\n", "")


@pytest.mark.parametrize(
    "words",
    [["--record-reads", "r.json", "lab.exp"], ["lab.exp", "--record-reads=r.json"]],
)
def test_a_run_records_what_it_reads(lab, words):
    """Also a run that fails, by whichever form the option is written."""
    lab.greeter(result="it broke")
    assert lab.call("run", *words).code == 1
    record = json.loads((lab.folder / "r.json").read_text(encoding="utf-8"))
    assert record == {"target": "lab.exp.config", "read": ["greeting", "result"]}
    done = lab.call("explain", "lab.exp", "--unused", "--reads", "r.json")
    assert (done.code, done.out) == (0, "")


def test_a_setting_that_a_run_did_not_read_is_reported(lab):
    lab.greeter(greeting="hi", result=3)
    lab.write("r.json", '{"read": ["result"]}')
    done = lab.call("explain", "lab.exp", "--unused", "--reads", "r.json")
    assert (done.code, done.out) == (1, 'lab/exp.py:2:24  greeting = "hi"  not read\n')


@pytest.mark.parametrize("text", ["", "[]", '{"read": "x"}', '{"read": [1]}'])
def test_what_is_not_a_record_of_reads_is_refused(lab, text):
    lab.greeter()
    lab.write("r.json", text)
    done = lab.call("explain", "lab.exp", "--reads", "r.json")
    assert done.code == 2
    assert done.err.startswith("explain: r.json ")


IGNORING = """
from pconfigs import pconfig, pconfiged, pproperty

@pconfiged(runnable=True)
class Greets:
    config: "Polite"
    def main(self):
        return self.config.result

@pconfig(constructs=Greets)
class Polite:
    greeting: str
    result: object
    @pproperty
    def greeting(self) -> str:
        return "good evening"

first = Polite(greeting="hi", result=None)
config = Polite(first, Polite(result=3, greeting="good evening"))
fine = Polite(greeting="good evening", result=None)
"""


def test_settings_without_effect_are_reported_in_one_line_on_stderr(lab):
    lab.write("lab/exp.py", IGNORING)
    done = lab.call("run", "lab.exp.first")
    assert done.code == 0
    assert done.err == (
        'no effect: greeting = "hi" at lab/exp.py:18:16 (overwritten by greeting (lab/exp.py:14));'
        " python -m pconfigs.explain lab.exp.first --unused\n"
    )
    assert "no effect" not in done.out
    done = lab.call("run", "lab.exp")
    assert done.err.startswith("no effect: base 2 at lab/exp.py:19:24 (all its values are replaced")
    assert lab.call("run", "lab.exp.fine").err == ""


def test_only_the_first_rank_reports_them(lab, monkeypatch):
    lab.write("lab/exp.py", IGNORING)
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert lab.call("run", "lab.exp.first").err == ""


SPAWNING = """
from __future__ import annotations

import multiprocessing

from pconfigs import pconfig, pconfiged


@pconfiged(runnable=True)
class Scales:
    config: ScalesConfig

    def main(self):
        with multiprocessing.get_context(self.config.start).Pool(1) as pool:
            print(pool.map(scaled, [(self.config, 1), (self.config, 2)]), __file__)


@pconfig(constructs=Scales)
class ScalesConfig:
    scale: float
    start: str


def scaled(pair):
    return pair[0].scale * pair[1]


config = ScalesConfig(scale=2.0, start="spawn")
"""


@pytest.mark.parametrize("start", ["spawn", "forkserver"])
@pytest.mark.parametrize("file", ["my-runs/one.py", "exps/lr-0.1.py", "my-runs/statistics.py"])
def test_spawned_processes_import_the_file_of_the_target(lab, file, start, tmp_path_factory):
    """Also where its name is not an identifier, or is that of another module."""
    drafts = tmp_path_factory.mktemp("drafts")
    path = lab.write(file, SPAWNING)
    done = lab.start("pconfigs.run", file, f"start={start}", TMPDIR=str(drafts))
    assert (done.code, done.out) == (0, f"[2.0, 4.0] {path}\n"), done.err
    assert not list(drafts.glob("pconfigs-*"))
