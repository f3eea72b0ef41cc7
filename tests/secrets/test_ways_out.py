"""A secret leaves a config on no way: every way, with every spelling of a secret.

A new public name or command belongs into one of the tables below; a test sees to that.
"""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import json
import pickle
import warnings
from functools import partial
from typing import Any, get_type_hints

import pytest

import pconfigs
from pconfigs import (
    Pinned,
    pbroadcast,
    pconfig,
    pdiff,
    pdump,
    pexplain,
    pface,
    pfingerprint,
    pflat,
    pget,
    plabel,
    pload,
    pload_file,
    pmerge,
    poverride,
    pproperty,
    psave,
    psearch,
    pset,
    psetter,
    psweep,
)  # fmt: skip
from pconfigs.build.base_class import PConfig
from pconfigs.cli.commands import COMMANDS, of_options
from pconfigs.cli.main import run_command
from pconfigs.errors import (
    BuildTypeError,
    LoadError,
    SecretNotHeldError,
    SweepError,
    TargetError,
)
from pconfigs.imports import resolve
from pconfigs.reports.html import to_page
from pconfigs.sweeps import Choice
from tests.secrets import vault
from tests.secrets.vault import OTHER, SPELLINGS, WORD, Holder, config_of

EXPERIMENTS = f"{vault.__name__}.experiments"
OTHERS = f"{vault.__name__}.others"
# Here the field `key` itself is public; what a message quotes of it is not a secret.
PUBLIC_KEY = {"part", "parts", "parts by name"}
# A literal is part of the type, which messages name.
ALLOWED = [f"{WORD!r} or {OTHER!r}", f'"{WORD}", "{OTHER}"', f"'{WORD}', '{OTHER}'"]


@pconfig
class Wholes:
    part: Holder
    parts: list[Holder]
    n: int


def message(call: Any) -> str:
    """Return the text of an error, its notes and its facts included; nothing without an error."""
    try:
        call()
    except Exception as error:
        facts = [vars(error), *map(_facts, getattr(error, "problems", ()))]
        return f"{error}{error!r}{getattr(error, '__notes__', '')}{facts}"
    return ""


def _facts(problem: Any) -> dict[str, Any]:
    names = getattr(type(problem), "__slots__", ())
    return {**getattr(problem, "__dict__", {}), **{name: getattr(problem, name) for name in names}}


def output(*words: str) -> str:
    """Return all that a command writes."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        run_command(words[0], list(words[1:]))
    return out.getvalue() + err.getvalue()


def texts_of_face(config: Any) -> list[str]:
    @pface(type(config))
    def train(config: Any) -> None: ...

    return [repr(train), str(inspect.signature(train))]


def page(config: Any, other: Any) -> list[str]:
    return [to_page(config, "title"), to_page(config, "title", other), to_page(other, "", config)]


def saved(config: Any, suffix: str, folder: Any) -> str:
    psave(config, folder / f"saved.{suffix}")
    return (folder / f"saved.{suffix}").read_text()


def rich_repr(config: Any) -> list[Any]:
    return list(config.__rich_repr__())


def explained(config: Any) -> list[str]:
    found = [pexplain(config, path, deep=True) for path in ("", "key", "n")]
    return [*map(str, found), *(json.dumps(one.to_json()) for one in found)]


def pickled_sweep(config: Any, other: Any) -> bytes:
    """Return a sweep over the secret; nothing where that is pinned."""
    try:
        return pickle.dumps(psweep(config, grid={"key": [config.key, other.key], "n": [1, 2]}))
    except SweepError as error:
        return str(error).encode()


# What a config becomes: (config, another one, a folder) -> text, bytes or data.
TEXTS: dict[str, Any] = {
    "repr": lambda config, other, folder: [repr(config), repr([config]), f"{config!r}"],
    "str": lambda config, other, folder: [str(config), f"{config} {other}"],
    "rich": lambda config, other, folder: rich_repr(config),
    "html": lambda config, other, folder: config._repr_html_(),
    "page": lambda config, other, folder: page(config, other),
    "asdict": lambda config, other, folder: [config.asdict(), str(config.asdict())],
    "pickle": lambda config, other, folder: [
        pickle.dumps(config, protocol) for protocol in range(2, 6)
    ],
    "restored": lambda config, other, folder: repr(pickle.loads(pickle.dumps(config))),
    "signature": lambda config, other, folder: str(inspect.signature(type(config))),
    "hints": lambda config, other, folder: str(get_type_hints(type(config))),
    "pdump": lambda config, other, folder: pdump(config),
    "pdump omegaconf": lambda config, other, folder: str(pdump(config, to="omegaconf")),
    "pdump argparse": lambda config, other, folder: str(pdump(config, to="argparse")),
    "psave json": lambda config, other, folder: saved(config, "json", folder),
    "psave yaml": lambda config, other, folder: saved(config, "yaml", folder),
    "psave toml": lambda config, other, folder: saved(config, "toml", folder),
    "pflat": lambda config, other, folder: pflat(config),
    "plabel": lambda config, other, folder: [
        plabel(config), plabel(other), plabel(type(config)(config, n=7)),
    ],
    "pfingerprint": lambda config, other, folder: pfingerprint(config),
    "pexplain": lambda config, other, folder: explained(config),
    "pdiff": lambda config, other, folder: [
        str(pdiff(config, other)), repr(pdiff(other, config)), str(pdiff(config, config)),
        [(change.before, change.after) for change in pdiff(config, other)],
    ],
    "pface": lambda config, other, folder: texts_of_face(config),
    "psweep": lambda config, other, folder: repr([*psweep(config, grid={"n": [1, 2]})]),
    "psweep pickled": lambda config, other, folder: pickled_sweep(config, other),
    "pdiff pickled": lambda config, other, folder: pickle.dumps(pdiff(config, other)),
}  # fmt: skip

# What is refused: (class, config, what makes the value of a word) -> a message.
REFUSALS: dict[str, Any] = {
    "a wrong value beside it": lambda cls, config, given: message(
        lambda: cls(key=given("hunter2"), n="x")
    ),
    "a wrong secret": lambda cls, config, given: message(
        lambda: cls(key=["hunter2", b"", 1.5], n=1)
    ),
    "a misspelt name": lambda cls, config, given: message(lambda: cls(kee=given("hunter2"), n=1)),
    "a name of nothing": lambda cls, config, given: message(
        lambda: cls(zzz=1, key=given("hunter2"), n=1)
    ),
    "a missing field": lambda cls, config, given: message(lambda: cls(key=given("hunter2"))),
    "assigning": lambda cls, config, given: message(lambda: setattr(config, "key", given(WORD))),
    "hash": lambda cls, config, given: message(lambda: hash(config)),
    "pget": lambda cls, config, given: [
        message(lambda path=path: pget(config, path))
        for path in ("key.zzz", "key[9]", "key['z']", "key['hunter']", "key['hunter23']")
    ],
    "pset": lambda cls, config, given: [
        message(lambda: pset(config, {"key": ["hunter2", b"", 1.5]})),
        message(lambda: pset(config, {"kee": "hunter2"})),
    ],
    "pbroadcast": lambda cls, config, given: message(
        lambda: pbroadcast(config, {"**.key": ["hunter2", b"", 1.5]})
    ),
    "pmerge": lambda cls, config, given: message(
        lambda: pmerge(cls(key=given(OTHER), n=0), cls(key=given(WORD), n=1), config)
    )
    + message(
        lambda: pmerge(config, cls(config, key=given(OTHER)), cls(config, key=given("third")))
    ),
    "psetter": lambda cls, config, given: message(lambda: psetter(type=cls).key.zzz),
    "psweep": lambda cls, config, given: [
        message(lambda: psweep(config, grid={"key": [["hunter2", b"", 1.5]], "n": [1]})),
        message(lambda: psweep(config, grid={"key": "hunter2"})),
        message(lambda: psweep(config, grid={"key": Choice(["hunter2"])})),
        message(lambda: psweep(config, zip={"key": {"hunter2": 1}, "n": [1]})),
        message(lambda: psweep(config, grid={"key['hunter2']": [1]})),
    ],
    "psearch": lambda cls, config, given: [
        message(lambda: psearch(config, space={"key": "hunter2"})),
        message(lambda: psearch(config, space={"key": [given("hunter2")], "n": ["x"]})),
        message(lambda: psearch(config, space={"kee": ["hunter2"]})),
    ],
    "poverride": lambda cls, config, given: [
        message(lambda word=word: poverride(config, [word]))
        for word in (
            "key=['hunter2', {}, 1.5]", "kee=hunter2", "key.x=hunter2", "key.password=hunter2",
            "key[0].password=hunter2", "key+=hunter2", "key-=[hunter2]", "key-=hunter2",
            "key+={hunter2:1}", "key+={hunter2:x}", "key[hunter2]=1",
            "+key=hunter2", "++key=hunter2", "~key=hunter2", "n={key:hunter2}",
        )
    ],
}  # fmt: skip

# Data that is not what it should be, in the place of the secret.
DATA = [
    WORD, [WORD], {WORD: 1}, {"$name": WORD}, {"$type": WORD}, {"$float": WORD}, 5,
    {"password": [WORD], "n": 1}, [{"password": [WORD], "n": 1}],
    {"a": {"password": WORD, "n": WORD}},
]  # fmt: skip

TARGET, CHANGED = "TARGET", "CHANGED"
COMMAND_LINES: dict[str, list[list[str]]] = {
    "print": [
        [TARGET], [TARGET, "--values"], [TARGET, "--flat"], [TARGET, "--json"], [TARGET, "n=3"],
        [TARGET, "--only", "key"], [TARGET, "--only", "key", "--json"],
        [TARGET, "--only", "key", "--flat"], [TARGET, "--only", "key[0]"],
        [TARGET, "--only", "key.password"], [TARGET, "--only", "key.zzz"],
        [TARGET, "--only", "key", "n=3"], [f"{TARGET}.key"], [f"{TARGET}.key", "--json"],
        [f"{TARGET}.key[0]"], [f"{TARGET}.key['zzz']"], [f"{TARGET}.key.password"],
        [f"{TARGET}.key", "--flat"], [f"{TARGET}.key.zzz"], [TARGET, "--why", "key"],
        [TARGET, "--depth", "1"], [TARGET, "--max-items", "1"], [TARGET, "n=x", "--traceback"],
    ],
    "explain": [
        [TARGET], [TARGET, "key"], [TARGET, "--json"], [TARGET, "--deep"], [TARGET, "--unused"],
        [TARGET, "--impact", "n=7"], [f"{TARGET}.key"], [TARGET, "key.password"],
        [TARGET, "n=x", "--traceback"],
    ],
    "diff": [
        [TARGET, CHANGED], [TARGET, CHANGED, "--json"], [TARGET, CHANGED, "--unified"],
        [TARGET, TARGET, "n=9"], [f"{TARGET}.key", f"{CHANGED}.key"], [TARGET, CHANGED, "--inputs"],
        [TARGET, CHANGED, "--stat"], [TARGET, TARGET, "n=x", "--traceback"],
        [TARGET, TARGET, "key.password=qq"], [TARGET, TARGET, "key.password=qq", "--json"],
        [TARGET, TARGET, "key={}"], [TARGET, TARGET, "key=[]", "--json"],
    ],
    "derive": [
        [TARGET, "n=7"], [f"{TARGET}.key", "n=7"], [TARGET, "n=7", "-o", "derived.py"],
        [TARGET, "n=x", "--traceback"],
    ],
    "freeze": [
        [TARGET], [f"{TARGET}.key"], [TARGET, "-o", "frozen.py"], [TARGET, "n=x", "--traceback"],
    ],
    "help": [
        [TARGET], [TARGET, "--json"], [f"{TARGET}.key"], [TARGET, "--depth", "1"],
        [TARGET, "--schema"], [TARGET, "--traceback"],
    ],
    "graph": [
        [TARGET], [TARGET, CHANGED], [f"{TARGET}.key"],
        [TARGET, "-o", "page.html"], [TARGET, CHANGED, "-o", "changes.html"],
        [TARGET, "-o", "page.dot"], [TARGET, CHANGED, "-o", "changes.dot"],
        [TARGET, TARGET, "key={}"], [TARGET, TARGET, "key={}", "-o", "changes.html"],
        [TARGET, "n=x", "--traceback"],
    ],
    "run": [
        [TARGET], [TARGET, "--dry-run"], [f"{TARGET}.key"], [TARGET, "n=x", "--traceback"],
        [TARGET, "--smoke"], [TARGET, "--no-record"], [TARGET, "n=1,2", "--sweep", "--dry-run"],
        [TARGET, "n=1,2", "--sweep", "--save-as", "swept.py", "--dry-run"],
    ],
}  # fmt: skip
# Options that change nothing of what is shown; of runs and records, which are tested with those.
NOT_SHOWN = {
    "explain": {"--reads", "--runs"},
    "graph": {"--lineage"},
    "run": {
        "--accept-changes", "--again", "--as-recorded", "--detach", "--fail-fast", "--into", "--on",
        "--record", "--record-reads", "--resume", "--retry-failed", "--slots", "--tracker",
        "--with-deps",
    },
}  # fmt: skip

# Public names that give out nothing of a config, or the values themselves to code.
NOT_WAYS = {
    "__version__", "pconfig", "pconfiged", "pdefaults", "pinputs", "psmoke", "PCallable", "penv",
    "EnvVar", "penum", "PEnum", "NoneConfig", "OptionalConfig", "pproperty", "pcheck", "Pin",
    "Pinned", "Required", "Omitted", "Kwarg", "NotMock", "Secret", "NoEffect", "pwalk", "pselect",
    "ptransform", "ScriptConfig", "PConfigError", "TestSubdirs", "TestManually", "TestConfigs",
    "PConfig", "PArtifact", "Built", "ptype", "pruns", "pmissing",
    "pload", "pload_file",  # below: what is refused in data
    "prun",  # tested with the runs, where a secret is replaced in everything that is recorded
}  # fmt: skip
# Commands that show no config of a target.
NOT_SHOWING = {"list", "test", "agents", "runs", "adopt", "init"}
# Members of every config that are no way out, or are called by one of the ways above.
NOT_MEMBERS = {
    "__dataclass_fields__", "__signature__", "default_config", "__setattr__", "__delattr__",
    "__eq__", "__hash__", "__copy__", "__deepcopy__", "__replace__", "print_code", "__reduce__",
    "__repr__", "__str__", "asdict", "_repr_html_", "__rich_repr__", "__annotations__",
    "__static_attributes__", "__firstlineno__", "__pconfig_depth__", "__pconfig_record__",
}  # fmt: skip


def test_every_way_out_is_in_a_table():
    """A new public name, command or member of a config has to be put into a table above."""
    ways = {name.partition(" ")[0] for name in [*TEXTS, *REFUSALS]}
    assert set(pconfigs.__all__) - NOT_WAYS <= ways
    assert set(COMMANDS) == COMMAND_LINES.keys() | NOT_SHOWING
    members = set(vars(PConfig)) - {
        "__module__", "__qualname__", "__doc__", "__dict__", "__weakref__", "__init__",
        "__class_getitem__",
    }  # fmt: skip
    assert members <= NOT_MEMBERS


@pytest.mark.parametrize("command", COMMAND_LINES)
def test_every_option_of_a_command_that_shows_configs_is_in_a_line(command):
    parser = of_options("parser", command)(command)
    words = {word for line in COMMAND_LINES[command] for word in line}
    options = {
        action.option_strings[-1]
        for action in parser._actions
        if action.option_strings and not words & {*action.option_strings}
    }
    assert options - {"--help", "--force"} == NOT_SHOWN.get(command, set())


def shown(value: object) -> str:
    """Return a text in which a secret is found, whatever has become of it."""
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    text = " ".join(text.split())
    for allowed in ALLOWED:
        text = text.replace(allowed, "").replace(allowed.replace('"', '\\"'), "")
    return text


@pytest.mark.parametrize("way", TEXTS)
def test_nothing_that_a_config_becomes_has_the_secret(way, tmp_path):
    for spelling in SPELLINGS:
        config, other = vault.experiments[spelling], vault.others[spelling]
        text = shown(TEXTS[way](config, other, tmp_path))
        assert WORD not in text, spelling
        assert OTHER not in text, spelling


@pytest.mark.parametrize("what", REFUSALS)
def test_no_refusal_quotes_the_secret(what):
    for spelling, (config_class, given) in SPELLINGS.items():
        if spelling not in {*PUBLIC_KEY, "literal"}:  # its type names what it may be
            text = shown(REFUSALS[what](config_class, vault.experiments[spelling], given))
            assert WORD not in text, spelling
            assert OTHER not in text, spelling


def test_a_dict_in_the_place_of_a_part_is_not_quoted_with_its_secrets():
    for name in ("part", "parts", "parts by name"):
        for given in ([{"key": WORD, "n": 1}], {"a": {"key": [WORD]}}):
            with pytest.raises(BuildTypeError) as caught:
                SPELLINGS[name].config_class(key=given, n=1)
            assert "'key': ..." in str(caught.value)
            assert WORD not in str(caught.value)


def test_no_refusal_of_data_quotes_the_secret():
    for spelling, (config_class, _) in SPELLINGS.items():
        if spelling in PUBLIC_KEY:
            continue
        data = pdump(vault.experiments[spelling])
        for wrong in DATA:
            for more in ({}, {"n": "x"}, {"zzz": 1}):
                given = {**data, "key": wrong, **more}
                text = shown(message(partial(pload, given, config_class)))
                assert WORD not in text, (spelling, wrong)


def test_no_refusal_of_a_file_quotes_the_secret(tmp_path):
    for wrong in DATA:
        file = tmp_path / "data.json"
        file.write_text(json.dumps({"key": wrong, "n": "x"}))
        for spelling in ("plain", "list", "config", "by name"):
            config_class = SPELLINGS[spelling].config_class
            assert WORD not in message(partial(pload_file, file, config_class)), spelling


@pytest.mark.parametrize(
    ("command", "words"),
    [(command, words) for command, lines in COMMAND_LINES.items() for words in lines],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_no_command_writes_the_secret(command, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for spelling in SPELLINGS:
        names = {TARGET: f"{EXPERIMENTS}['{spelling}']", CHANGED: f"{OTHERS}['{spelling}']"}
        line = [command]
        for word in words:
            for name, target in names.items():
                word = word.replace(name, target)
            line.append(word)
        text = shown(output(*line))
        for file in tmp_path.iterdir():
            if file.is_file():
                text += shown(file.read_text())
                file.unlink()
        assert WORD not in text, spelling
        assert OTHER not in text, spelling


def test_data_without_its_secret_is_read():
    """It is that of the default, computed anew, or open."""
    for spelling, config in vault.experiments.items():
        again = pload(pdump(config), type(config), drift="accept")
        assert again.n == config.n, spelling
        assert pdump(type(config)(again, n=2))["n"] == 2, spelling
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a default with a secret has not changed
        pload(pdump(vault.WithDefaultPart(n=5)), vault.WithDefaultPart)
    again = pload(pdump(vault.experiments["computed"]), vault.Computed, drift="accept")
    whole = vault.Computed(again, key=OTHER)
    assert whole.header == f"Bearer {OTHER}"


# Words that give a secret to what is there, to nothing, wrongly, or in the way of another tool.
WORDS = (
    "key=hunter2", "kee=hunter2", "key-=[hunter2]", "key+={hunter2:x}", "key[hunter2]=1",
    "key[0].password=hunter2", "key.key=hunter2", "*.key=hunter2", "k*=hunter2", "'key'=hunter2",
    " key=hunter2", "+key=hunter2", "~key=hunter2", "key={key:hunter2,n:1}", "--key=hunter2",
    "-key=hunter2", "key[=hunter2", "n={key: hunter2}",
)  # fmt: skip
PART_WORDS = ("key.key=hunter2", "key.kee=hunter2", "k*.key=hunter2", "key={key:hunter2,n:1}")
# What words are put behind: configs, what is none, and what leads nowhere.
WORD_TARGETS = {
    **{f"{EXPERIMENTS}['{name}']": WORDS for name in ("plain", "key", "list", "config")},
    **{f"{EXPERIMENTS}['{name}']": PART_WORDS for name in ("part", "parts", "parts by name")},
    vault.__name__: WORDS, f"{vault.__name__}.Holder": WORDS, EXPERIMENTS: WORDS,
}  # fmt: skip


@pytest.mark.parametrize("command", COMMAND_LINES)
@pytest.mark.parametrize("more", [[], ["n=x"], ["--sweep"]], ids=["alone", "wrong", "sweep"])
def test_no_command_quotes_a_secret_that_is_typed(command, more, tmp_path, monkeypatch):
    if more == ["--sweep"] and command != "run":
        return
    monkeypatch.chdir(tmp_path)
    dry = ["--dry-run"] if command == "run" else []
    for target, words in WORD_TARGETS.items():
        for word in words:
            assert WORD not in shown(output(command, target, word, *more, *dry)), (target, word)
    assert not list(tmp_path.iterdir())


def test_no_command_writes_a_secret_that_is_typed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    target = f"{vault.__name__}.config"
    for words in (
        ["derive", target, f"key={OTHER}", "n=7", "-o", "made.py"],
        ["freeze", target, f"key={OTHER}", "n=7", "-o", "made.py"],
        ["run", target, f"key={OTHER}", "n=7", "--save-as", "made.py", "--dry-run"],
        ["run", target, f"key={OTHER},b", "n=1,2", "--sweep", "--save-as", "made.py"],
    ):
        text = output(*words)
        assert "key: its value is a Secret" in text
        assert OTHER not in text
        assert not list(tmp_path.iterdir())


def test_a_secret_that_has_drifted_is_not_quoted():
    """Neither the saved value, nor the one of today."""
    config = vault.experiments["computed"]
    data = {**pdump(config), "key": WORD, "header": "old"}
    text = message(lambda: pload(data, type(config)))
    assert WORD not in text
    assert "Bearer" not in text
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        cls = SPELLINGS["default"].config_class
        name = f"{cls.__module__}.{cls.__qualname__}"
        pload({"$type": name, "$given": [], "key": OTHER, "n": 0}, cls)
    assert WORD not in "".join(str(one.message) for one in caught)


def test_reading_a_secret_that_was_left_out_raises():
    """Never the default, never a marker; it names the field."""
    for spelling in SPELLINGS:
        again = pickle.loads(pickle.dumps(config_of(spelling)))
        holder: Any = again.key if spelling == "part" else again
        if spelling in ("parts", "parts by name"):
            holder = again.key[0] if spelling == "parts" else again.key["a"]
        with pytest.raises(SecretNotHeldError, match=r"\.key is a secret") as caught:
            print(holder.key)
        assert caught.value.field == "key"
        with pytest.raises(SecretNotHeldError):
            pget(holder, "key")
        with pytest.raises(SecretNotHeldError):
            type(holder)(holder, n=5)


def test_a_config_without_its_secret_is_of_use():
    """It compares, hashes, prints, saves and travels again; given the secret, it is whole."""
    for spelling, (config_class, given) in SPELLINGS.items():
        config = config_of(spelling)
        again = pickle.loads(pickle.dumps(config))
        once_more = pickle.loads(pickle.dumps(again))
        assert once_more == again, spelling
        assert copy.deepcopy(again) == again
        assert pdump(again) == pdump(config)
        assert repr(again) == repr(config)
        assert pfingerprint(again) == pfingerprint(config)
        assert again != config_of(spelling, n=5)
        for way in ("html", "pflat", "pexplain", "asdict"):
            assert TEXTS[way](again, once_more, None), (spelling, way)
        assert str(pdiff(again, once_more)) == "no differences", spelling
        for _ in range(10):  # also by the compiled initializer
            assert config_class(again, key=given(WORD)) == config
        with contextlib.suppress(TypeError):  # some values cannot be hashed
            assert hash(once_more) == hash(again)


def test_configs_that_hold_their_secret_are_read_as_before():
    config = config_of("plain")
    pickle.loads(pickle.dumps(config))
    assert config.key == WORD
    assert config_of("plain", OTHER).key == OTHER


def test_code_that_reads_a_secret_has_it():
    """Secrets are hidden from text, not from the program."""
    import dataclasses

    config = vault.experiments["dict"]
    assert config.key == {"k": WORD}
    assert dataclasses.asdict(config) == {"key": {"k": WORD}, "n": 1}
    assert resolve(f"{EXPERIMENTS}['plain'].key", into_secrets=True).object == WORD
    with pytest.raises(TargetError, match="leads to a secret"):
        resolve(f"{EXPERIMENTS}['plain'].key")


def test_a_line_of_source_is_quoted_without_its_secrets(tmp_path, monkeypatch):
    """In messages about something else on the line, and as the text of an origin."""
    monkeypatch.chdir(tmp_path)
    header = (
        "from pconfigs import pset, psetter, psweep\n"
        "from tests.secrets.vault import Account, Holder, SPELLINGS\n"
        "VPart, VKeeper = SPELLINGS['part'].config_class, SPELLINGS['config'].config_class\n"
    )
    lines = (
        "config = VPart(key=Holder(key='hunter2', n=1), n=1)",
        "config = VPart(**{'key': Holder(**{'key': 'hunter2', 'n': 1}), 'n': 1})",
        "config = VPart(key=Holder(key='(hunter2,' + \"'\", n=1), n='x')",
        "config = Holder(n='x', key=['hunter2', ('hunter2', {'k': 'hunter2'})][1][0])",
        "config = Holder(key = 'hunter2', zzz=1, n=2)",
        "config = pset(VPart(key=Holder(key='', n=1), n=1), {'key.key': 'hunter2', 'key.n': 2})",
        "config = pset(VPart(key=Holder(key='', n=1), n=1), {'key.key': 'hunter2', 'n': 'x'})",
        "config = psweep(Holder(key='', n=1), grid={'key': ['hunter2'], 'n': ['x']})",
        "config = Holder('hunter2', n=1)",
        "config = VPart(key={'key': 'hunter2', 'n': 1}, n='x')",
        "v = psetter(VPart(key=Holder(key='', n=1), n=1)); v.key.key = 'hunter2'\n"
        "config = psetter(construct=v)",
        "config = Holder(key='''a\nhunter2''', n='x')",
        "config = VKeeper(\n    key=Account(\n        password='hunter2', n='x'\n    ), n=1,\n)",
        "if True:\n    config = VKeeper(n=1, key=Account(password=\n        'hunter2', n='x'))",
    )
    for number, line in enumerate(lines):
        file = tmp_path / f"line{number}.py"
        file.write_text(f"{header}{line}\n")
        for words in (["print"], ["explain"], ["explain", "key"], ["explain", "--json"]):
            command, *more = words
            text = output(command, file.name, *more)
            assert "n='x'" not in line or "^" in text, "the line is quoted"
            assert text
            assert WORD not in text, (line, words)


def test_a_traceback_is_shown_without_the_secrets_in_its_lines(tmp_path, monkeypatch):
    """Those of causes and members of groups, too, and on lines of their own."""
    monkeypatch.chdir(tmp_path)
    header = "from tests.secrets.vault import Holder, SPELLINGS\n"
    for number, lines in enumerate((
        "config = Holder(key='hunter2', n=1 / 0)",
        "config = Holder(n=1 / 0, key=\n    'hunter2')",
        "config = Holder(\n    key='hunter2', n=1 / 0)",
        "config = {'key': 'hunter2', 'n': 1 / 0}",
        "try:\n    Holder(key='hunter2', n=1 / 0)\nexcept ZeroDivisionError as e:\n"
        "    raise KeyError(3) from e",
        "try:\n    Holder(key='hunter2', n=1 / 0)\nexcept ZeroDivisionError as e:\n"
        "    raise ExceptionGroup('several', [e])",
        "config = Holder(key='hunter2', n='x')",
    )):  # fmt: skip
        (tmp_path / f"raises{number}.py").write_text(f"{header}{lines}\n")
        for more in ([], ["--traceback"]):
            text = output("print", f"raises{number}.py", *more)
            assert "Traceback" in text or "Holder.n must be int" in text
            assert WORD not in text, (lines, more)
            assert ("division by zero" in text) == ("1 / 0" in lines)


@pytest.mark.parametrize(
    "line",
    ["key = table[index]", "value = sorted(table, key=index)"],
)
def test_a_traceback_shows_code_without_literals(tmp_path, monkeypatch, line):
    """A variable that is called like a field with a secret holds what no line shows."""
    monkeypatch.chdir(tmp_path)
    names = "from tests.secrets.vault import Holder\ntable, index, sorted = [], 'a', None\n"
    (tmp_path / "raises.py").write_text(f"{names}{line}\n")
    text = output("print", "raises.py")
    assert line in text
    assert "..." not in text


@pytest.mark.parametrize(
    "given",
    [
        {"part": {"key": WORD, "n": 1}},
        {"parts": [{"key": [WORD], "n": 1}]},
        {"parts": {"key": WORD}},
        {"n": [{"a": {"key": WORD}}]},
    ],
    ids=str,
)
def test_a_dict_in_the_place_of_a_config_is_shown_without_its_secrets(given):
    base = Wholes(part=Holder(key="", n=1), parts=[], n=1)
    for call in (lambda: Wholes(base, **given), lambda: pset(base, given)):
        with pytest.raises(TypeError, match=r"'key': \.\.\.") as caught:
            call()
        assert WORD not in str(caught.value)
    if "part" not in given:
        with pytest.raises(LoadError) as refused:
            pload({"part": {"key": "", "n": 1}, "parts": [], "n": 1, **given}, Wholes)
        assert WORD not in str(refused.value)


def test_a_derived_class_cannot_undo_a_secret():
    @pconfig
    class Again(Holder):
        key: str

    @pconfig
    class More(Again):
        key: Pinned[str]

        @pproperty
        def key(self) -> str:
            return WORD

    for config in (Again(key=WORD, n=1), More(n=1)):
        assert config.key == WORD
        assert WORD not in repr(config) + str(pdump(config))
