"""Loading is harmless: nothing runs, nothing takes for ever, no secret and no escape is shown."""

import datetime as dt
import enum
import os
import sys
import warnings
from decimal import Decimal
from fractions import Fraction

import pytest

from pconfigs import (
    Pinned,
    Secret,
    pconfig,
    pdefaults,
    pload,
    pload_file,
    poverride,
    pproperty,
)
from pconfigs.errors import FormatError, LoadError, OverrideError, PConfigError
from pconfigs.serialization.formats.references import resolved
from tests.limits import limits

NOTE = "with open({file!r}, 'a') as file: file.write(__name__ + ' ')\n"


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """Return a function that writes modules which can be imported, each noting that it ran."""
    monkeypatch.syspath_prepend(str(tmp_path))
    names = set(sys.modules)

    def write(**modules):
        for name, text in modules.items():
            path = tmp_path / (name.replace("__DOT__", "/") + ".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(NOTE.format(file=str(tmp_path / "ran")) + text)
        return lambda: (tmp_path / "ran").read_text() if (tmp_path / "ran").exists() else ""

    yield write
    for name in set(sys.modules) - names:
        del sys.modules[name]


HOOK = """
from typing import Any, Callable
from pconfigs import pconfig
@pconfig
class C:
    hook: Callable[..., Any]
"""


def test_a_package_whose_name_starts_alike_is_not_imported(packages):
    ran = packages(lab2__DOT____init__=HOOK, lab2evil__DOT____init__="def f(): pass")
    from lab2 import C

    for name in ("lab2evil.f", "lab2evil.C", "lab2.x.lab2evil"):
        with pytest.raises(LoadError):
            pload({"hook": name}, C)
    assert ran() == "lab2 "


def test_a_main_module_is_never_imported_by_a_name_in_data(packages):
    ran = packages(shop__DOT____init__=HOOK, shop__DOT____main__="def main(): pass")
    from shop import C

    for data in (
        {"hook": "shop.__main__.main"},
        {"hook": {"$name": "shop.__main__.main"}},
        {"$type": "shop.__main__.C"},
        {"hook": {"$enum": "shop.__main__.C.a"}},
    ):
        with pytest.raises(LoadError):
            pload(data, C)
    for word in ("hook=shop.__main__.main", "hook=shop.__main__", "hook=shop. __main__.main"):
        with pytest.raises(OverrideError):
            poverride(C(hook=print), [word])
    assert ran() == "shop "


def test_a_main_module_of_a_package_that_a_field_mentions_is_not_imported(packages):
    ran = packages(mart__DOT____init__="class Ware: pass\n", mart__DOT____main__="def main(): pass")
    import mart

    @pconfig
    class Shelf:
        ware: mart.Ware | None
        any: object
        time: dt.timedelta | None

    values = {"ware": None, "any": None, "time": None}
    for name in ("mart.__main__.main", "mart.__main__"):
        for field in values:
            for node in ({"$name": name}, {"$type": name}, {"$timedelta": name}, {"$enum": name}):
                with pytest.raises(LoadError):
                    pload({**values, field: node}, Shelf)
    assert pload({**values, "any": {"$name": "mart.Ware"}}, Shelf).any is mart.Ware
    assert ran() == "mart "


def test_no_more_of_a_package_is_imported_than_the_module_of_the_class(packages):
    ran = packages(
        mall__DOT____init__=HOOK + "def tool(): pass\nclass Outer:\n    def inner(self): pass\n",
        mall__DOT__tool="print('tool ran')",
        mall__DOT__Outer="",
        mall__DOT__other="",
    )
    import mall

    assert pload({"hook": "mall.tool"}, mall.C).hook is mall.tool
    assert pload({"hook": "mall.Outer.inner"}, mall.C).hook is mall.Outer.inner
    for name in ("mall.other", "mall.Outer.Other", "mall.nothing"):
        with pytest.raises(LoadError):
            pload({"hook": name}, mall.C)
    assert ran() == "mall "


@pconfig
class Note:
    note: object
    n: int


def load_yaml(tmp_path, text, **how):
    (tmp_path / "m.yaml").write_text(text)
    return pload_file(tmp_path / "m.yaml", Note, **how)


def test_no_resolver_runs_that_the_caller_does_not_pass(tmp_path, monkeypatch):
    omegaconf = pytest.importorskip("omegaconf")
    called = []
    omegaconf.OmegaConf.register_new_resolver("spy", called.append, replace=True)
    monkeypatch.setenv("AWS_SECRET", "hunter2")
    for text in ("${oc.env:AWS_SECRET}", "${spy:1}", "x${spy:1}", "${oc.create:{}}"):
        with pytest.raises(FormatError, match="not passed") as caught:
            load_yaml(tmp_path, f"n: 1\nnote: {text}\n")
        assert "hunter2" not in str(caught.value)
        with pytest.raises(FormatError, match="not passed"):
            pload(omegaconf.OmegaConf.create({"n": 1, "note": text}), Note)
    assert called == []


@pytest.mark.parametrize(
    "arguments",
    [
        "1_0,1__0,1_,01,0x1,+1,- 1",
        "inf,-INF,nan,infinity,1_0.5,1.e5,.5,00.5",
        r"a\,b,\:\=\(\),a\\b",
        r"'a\'b','a\\b','a\\'",
        r"'${note}\\${note}','\${note}'",
    ],
)
def test_resolvers_get_the_arguments_that_omegaconf_passes(arguments):
    omegaconf = pytest.importorskip("omegaconf")
    tree = {"n": f"${{spy:{arguments}}}", "note": "x"}
    theirs = []
    omegaconf.OmegaConf.register_new_resolver(
        "spy", lambda *a: theirs.append(repr(a)), replace=True
    )
    try:
        _ = omegaconf.OmegaConf.create(tree).n
    finally:
        omegaconf.OmegaConf.clear_resolver("spy")
    ours = []
    resolved(tree, {"spy": lambda *a: ours.append(repr(a))})
    assert ours == theirs


def test_resolvers_of_the_caller_are_called(tmp_path):
    omegaconf = pytest.importorskip("omegaconf")
    resolvers = {"mul": lambda a, b: a * b, "env": lambda name: f"<{name}>"}
    text = "n: ${mul:${note.a}, 2}\nnote: {a: 3, b: '${env:HOME}', c: [x, '${mul:2, 0.5}']}\n"
    loaded = load_yaml(tmp_path, text, resolvers=resolvers)
    assert (loaded.n, loaded.note) == (6, {"a": 3, "b": "<HOME>", "c": ["x", 1.0]})
    tree = omegaconf.OmegaConf.create({"n": "${mul:2,3}", "note": "${.n}"})
    assert pload(tree, Note, resolvers=resolvers) == Note(n=6, note=6)
    assert pload({"n": "${mul:2,3}", "note": "${n}"}, Note, resolvers=resolvers).note == 6
    with pytest.raises(FormatError, match="the resolver 'mul' raised TypeError"):
        load_yaml(tmp_path, "n: ${mul:1}\nnote: x\n", resolvers=resolvers)


def test_references_leave_the_rules_of_other_scalars_alone(tmp_path):
    for note in ("a", "${n}"):
        with pytest.raises(LoadError, match="n: '010' does not fit: 010 may be octal"):
            load_yaml(tmp_path, f"n: 010\nnote: {note}\n")
        with pytest.raises(LoadError, match="1:30"):
            load_yaml(tmp_path, f"n: 1:30\nnote: {note}\n")
    assert load_yaml(tmp_path, "n: 0x10\nnote: ${n}\n") == Note(n=16, note=16)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("note: [a, '${note[0]}']", ["a", "a"]),
        (
            "note: {a: {b: 1, c: '${.b}', d: '${..e}'}, e: x}",
            {"a": {"b": 1, "c": 1, "d": "x"}, "e": "x"},
        ),
        ("note: {a: x, k: a, v: '${note.${note.k}}'}", {"a": "x", "k": "a", "v": "x"}),
        ("note: 'a${n}b${n}'", "a1b1"),
        (r"note: '\${n} \\${n}'", r"${n} \1"),
        ("note: {a: {x: 1}, b: '${note.a}'}", {"a": {"x": 1}, "b": {"x": 1}}),
        ("note: {a: '${note.b}', b: '${note.c}', c: z}", {"a": "z", "b": "z", "c": "z"}),
        (
            "note: {a: '${note.b}', b: {x: '${note.c}'}, c: z, d: '${note.a.x}'}",
            {"a": {"x": "z"}, "b": {"x": "z"}, "c": "z", "d": "z"},
        ),
    ],
)
def test_references_are_resolved(text, note, tmp_path):
    assert load_yaml(tmp_path, f"n: 1\n{text}\n").note == note


@pytest.mark.parametrize(
    "note",
    [
        "'${nowhere}'",
        "'${note}'",
        "{a: '${note.b}', b: '${note.a}'}",
        "{a: '${note}'}",
        "'${'",
        "'${}'",
        "'${n'",
        "'${....n}'",
        "'${n[}'",
        "'a${note}'",
        "['${note[9]}']",
        "'${n.x}'",
        "'${n}${note}'",
        "{a: [1], b: 'x${note.a}'}",
    ],
)
def test_references_that_lead_nowhere_are_refused(note, tmp_path):
    with pytest.raises(FormatError, match="^[^:]*m.yaml cannot be loaded\nnote"):
        load_yaml(tmp_path, f"n: 1\nnote: {note}\n")


def test_what_references_expand_to_is_bounded(tmp_path):
    texts = "".join(f"  a{i}: '{f'${{note.a{i - 1}}}' * 10}'\n" for i in range(1, 9))
    lists = "".join(f"  a{i}: [{', '.join([f'${{note.a{i - 1}}}'] * 10)}]\n" for i in range(1, 12))
    chain = "".join(f"  a{i}: '${{note.a{i - 1}}}'\n" for i in range(2000, 0, -1))
    for lines in (texts, lists, chain):
        with limits(10), pytest.raises(FormatError, match="expand|too deeply|more than 50"):
            load_yaml(tmp_path, f"n: 1\nnote:\n  a0: '{'x' * 100}'\n{lines}")


@pconfig
class Numbers:
    share: Fraction
    exact: Decimal
    wave: complex
    number: int
    real: float
    any: object


def numbers(**changes):
    values = {"share": "1/2", "exact": "1", "wave": "1j", "number": 1, "real": 1.0, "any": None}
    return {**values, **changes}


LONG = pytest.param("1" * 5_000_000, marks=pytest.mark.slow)
HUGE = ["1e999999999999", LONG, "1" * 500_000, f"1e{'9' * 100_000}", "-1E+999999999", "1e9_999_999"]


@pytest.mark.parametrize("text", HUGE, ids=range(len(HUGE)))
def test_numbers_that_take_all_memory_are_refused(text):
    config = pload(numbers(), Numbers)
    for name in ("share", "wave"):
        with limits(), pytest.raises(LoadError) as caught:
            pload(numbers(**{name: text}), Numbers)
        assert len(str(caught.value)) < 2000
        with limits(), pytest.raises(OverrideError):
            poverride(config, [f"{name}={text}"])
    for tag in ("$Fraction", "$complex", "$range", "$timedelta"):
        with limits(), pytest.raises(LoadError):
            pload(numbers(any={tag: text}), Numbers)
    with limits():
        for word in (f"exact={text}", f"number={text}", f"real={text}", f"any={text}"):
            try:
                repr(poverride(config, [word]))
            except OverrideError:
                pass


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        ("toml", "a." + "a." * 40_000 + "b = 1\n"),
        ("toml", "[" + "a." * 40_000 + "b]\n"),
        ("toml", "x = {" + "a . " * 40_000 + "b = 1}\n"),
        ("toml", "x = '''\n" + "a." * 300 + "'''\n" + "'a'." * 40_000 + "b = 1\n"),
        ("toml", "x = " + "[" * 50_000),
        ("json", "[" * 500_000),
        ("json", '{"note": ' + '{"x": ' * 50_000 + "1" + "}" * 50_001),
        ("yaml", "note: " + "{x: " * 3000 + "1" + "}" * 3000),
        ("yaml", "note:\n" + "".join(f"{' ' * i}x:\n" for i in range(1, 3000))),
        ("yaml", "n: " + "9" * 1_000_000),
        ("yaml", "n: 0x" + "f" * 1_000_000),
        ("json", '{"n": ' + "9" * 1_000_000 + "}"),
        ("toml", "n = " + "9" * 1_000_000),
    ],
    ids=range(13),
)
def test_files_that_would_take_for_ever_are_refused(suffix, text, tmp_path):
    file = tmp_path / f"f.{suffix}"
    file.write_text(text)
    with limits(10), pytest.raises(LoadError) as caught:
        pload_file(file, Note)
    assert len(str(caught.value)) < 5000


def test_dots_in_strings_of_toml_are_not_keys(tmp_path):
    (tmp_path / "a.toml").write_text(f"n = 1\nnote = '{'a.' * 500}'  # {'b.' * 500}\n")
    assert pload_file(tmp_path / "a.toml", Note).note == "a." * 500


@pytest.mark.parametrize(
    "word",
    [
        "note." + "a." * 8000 + "b=1",
        "note" + "[0]" * 20_000 + "=1",
        "note[" + "9" * 4400 + "]=1",
        "note[0x" + "f" * 4400 + "]=1",
        "note=" + "[" * 20_000,
        "note=[" * 2000,
        "a.*." * 5000 + "=1",
        "note={" + "1:{" * 2000,
        "\udcff=1",
        "n=\udcff",
    ],
    ids=range(10),
)
def test_hostile_override_words_are_refused_at_once(word):
    with limits(), pytest.raises(OverrideError) as caught:
        poverride(Note(n=1, note=None), [word])
    assert len(str(caught.value)) < 2000


def test_huge_paths_of_shared_configs_are_refused():
    for text in ("a[" + "9" * 4400 + "]", "a" + ".a" * 50_000, "note" + "[0]" * 50_000):
        with limits(), pytest.raises(LoadError) as caught:
            pload({"n": 1, "note": {"$same": text}}, Note)
        assert len(str(caught.value)) < 1000


@pytest.mark.skipif(os.name != "posix", reason="a FIFO of POSIX")
def test_a_fifo_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "f.json")
    with limits(0.5), pytest.raises(FormatError, match="must be a regular file"):
        pload_file(tmp_path / "f.json", Note)


ESCAPES = ["\x1b]0;owned\x07\x1b[2J", "\x9b2J", "a\u202eb", "a\nforged: line", "\r", "\x00"]


@pytest.mark.parametrize("text", ESCAPES, ids=range(len(ESCAPES)))
def test_control_characters_of_data_are_escaped_in_errors(text, tmp_path):
    datas = [
        {text: 1},
        {"n": text},
        {"n": 1, "note": {text: {"$Path": 1}}},
        {"$type": text},
        {"n": 1, "note": {"$name": text}},
        {"n": 1, "note": {"$" + text: ""}},
        {"n": 1, "note": {"$same": text}},
        {"n": 1, "note": {"$enum": text}},
        {"$version": text},
    ]
    for data in datas:
        with pytest.raises(LoadError) as caught:
            pload(data, Note)
        message = str(caught.value)
        assert not set(message) & set("\x1b\x07\x9b\u202e\r\x00")
        assert not any(line.startswith("forged") for line in message.splitlines())
    for word in (f"{text}=1", f"n={text}", f"note[{text}]=1", f"note.{text}=1"):
        with pytest.raises(PConfigError) as caught:
            poverride(Note(n=1, note={}), [word])
        assert not set(str(caught.value)) & set("\x1b\x07\x9b\u202e\r\x00")
    (tmp_path / "t.yaml").write_text("n: !<%1B%5B2Jx> 1\n")
    with pytest.raises(FormatError) as caught:
        pload_file(tmp_path / "t.yaml", Note)
    assert "\x1b" not in str(caught.value)


@pconfig
class Login:
    password: str
    n: int


@pconfig
class Vault:
    login: Secret[Login]
    pin: Secret[Decimal]
    keys: Secret[dict[str, int]]
    token: Secret[str]
    header: Secret[Pinned[str]]
    length: Secret[Pinned[object]]
    n: int

    @pproperty
    def header(self) -> str:
        return "Bearer " + self.token

    @pproperty
    def length(self) -> object:
        return Login(password=self.token, n=len(self.token))


def vault(**changes):
    login = {"password": "hunter2", "n": 1}
    values = {"login": login, "pin": "1", "keys": {"hunter2": 1}, "token": "hunter2", "n": 1}
    return {**values, **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {"pin": "hunter2"},
        {"pin": ["hunter2"]},
        {"pin": {"$name": "hunter2"}},
        {"pin": {"$hunter2": ""}},
        {"pin": {"hunter2": 1}},
        {"pin": {"$Decimal": "hunter2"}},
        {"login": {"password": ["hunter2"], "n": 1}},
        {"login": {"password": "p", "n": "hunter2"}},
        {"login": {"password": "p", "n": 1, "hunter2": 1}},
        {"login": {"password": "p"}},
        {"login": "hunter2"},
        {"login": {"$same": "hunter2"}},
        {"login": {"$type": "hunter2.x"}},
        {"keys": {"hunter2": "x"}},
        {"keys": {"$dict": [["hunter2", 1], ["hunter2", 2]]}},
        {"token": ["hunter2"]},
        {"token": {"$pin": "hunter2"}},
        {"n": "x"},
        {"header": "hunter2"},
        {"header": {"$unsaved": "hunter2"}},
        {"length": "hunter2"},
        {"length": {"$type": f"{__name__}.Login", "password": "hunter2", "n": 2}},
        {"length": {"$name": "hunter2.x"}},
        {"$computed": {"login": {"password": "hunter2", "n": 3}}},
    ],
    ids=str,
)
def test_secrets_of_data_are_not_shown(changes):
    for start in ({}, {"$type": f"{__name__}.Vault"}):
        try:
            pload({**start, **vault(**changes)}, Vault)
        except LoadError as error:
            shown = f"{error} {error!r} {error.__cause__} {getattr(error, 'changes', ())!r}"
        else:
            shown = ""
        assert "hunter2" not in shown


@pconfig
class Changing:
    token: Secret[str]
    login: Secret[Login]


pdefaults += Changing(token="hunter2", login=Login(password="hunter2", n=1))


def test_changed_defaults_of_secrets_are_not_shown():
    data = {
        "$type": f"{__name__}.Changing",
        "$given": [],
        "token": "other",
        "login": {"password": "other", "n": 1},
    }
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        pload(data, Changing)
    assert [str(one.message) for one in caught if "hunter2" in str(one.message)] == []


def test_a_secret_that_fails_is_named_with_its_type():
    with pytest.raises(LoadError) as caught:
        pload(vault(pin="hunter2"), Vault)
    [problem] = caught.value.problems
    assert str(problem) == "pin: must be Decimal (the value given is secret and not shown)"


class Mode(enum.Flag):
    READ = 1
    WRITE = 2


@pconfig
class Opened:
    mode: Mode


def test_a_number_of_a_flag_is_that_of_its_members():
    assert pload({"mode": "3"}, Opened).mode is Mode.READ | Mode.WRITE
    for text in ("-1", "-2", "8"):
        with pytest.raises(LoadError):
            pload({"mode": text}, Opened)
