"""The language rule of CONTRIBUTING.md, over docstrings, comments, strings, test names and docs.

`python tests/test_english.py [PATH…]` prints each phrase that breaks it, with its file and line.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Kept to the letter: the example that documentation of the format has always shown.
KEPT = {"project/modules/trainer.py", "docs/tour.md"}  # the tour is checked where it is made from

DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)

RULES = {
    r"\b(tells?|told|telling|says?|said|saying)\b(?! why)(?!( \S+){0,3} apart)": (
        "report, describe, have, show, print, write"
    ),
    r"\bstands?\b(?! ?alone|-in\b)": "be, appear, represent",
    r"\b(some|any|no|every)body\b|\bwhoever\b": "the user, a caller, nothing; or the passive",
    r"(?<!\bthere )\bis no (?!longer\b|more\b)": "is not a ...",
    r"(?<!\bthere )\bis (?-i:none)\b": "is not one",
    r"\bbeside\b": "next to, besides, in addition to",
    r"\bbehind\b": "after, below",
    r"\bin front of\b": "before",
    r"(?<![,;:.(—])(?<!\bor)(?<!\band)(?<!\bunless) otherwise\b(?! ?[.,;:)]|$)": "differently",
    r"\bso(\.|;|:|$)": "like this, in this way; or leave it out",
}


# How docstrings begin that describe; the one of a function commands: *Return*, *Raise*, *Write*.
DESCRIBES = (
    r"(?:`|(?:All|An?|Any|Every|How|Items|Lines|Names|One|The|Those)\b"
    r"|(?:What|Where|Whether|Which|Why)\b)"
)
# Where that may be in the text of a module: after `def`, but not below the decorator of a property.
THING = r"@.*(?:propert|pcheck)"
DESCRIBING = re.compile(
    rf'^(?! *{THING}).*\n *(?:async )?def .*:\n *"""{DESCRIBES}'
    rf'|^ *\).*:\n *"""{DESCRIBES}|"""What ',
    re.MULTILINE,
)
ANY_RULE = re.compile("|".join(f"(?:{pattern})" for pattern in RULES), re.IGNORECASE)


def phrases_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of everything in a file that is written in English."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        for match in re.finditer(r"(?:.+\n)+", text):
            yield text.count("\n", 0, match.start()) + 1, match[0]
        return
    tree = ast.parse(text)
    if path.relative_to(ROOT).parts[0] == "tests":
        # Their other strings are data, and quote mistakes.
        for node in ast.walk(tree):
            if isinstance(node, DOCUMENTED):
                yield getattr(node, "lineno", 1), ast.get_docstring(node) or ""
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield node.lineno, node.name.replace("_", " ")
        return
    yield from _comments(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def _comments(text: str) -> Iterator[tuple[int, str]]:
    """Yield comments, those on successive lines as one."""
    first, block, after = 0, "", 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            line = token.start[0]
            if block and line != after:
                yield first, block
                block = ""
            first, after = (first if block else line), line + 1
            block = f"{block} {token.string.lstrip('# ')}".strip()
    if block:
        yield first, block


JOINED = re.compile(r"""["']\s*\n\s*[A-Za-z]{0,2}["']""")
BETWEEN = re.compile(r"(?:\\n|[\s#_])+")


def may_break(text: str) -> bool:
    """Return whether a file has to be parsed: most have no such words, in code or in English."""
    words = BETWEEN.sub(" ", JOINED.sub("", text)).replace('"', ".").replace("'", ".")
    return ANY_RULE.search(words) is not None or DESCRIBING.search(text) is not None


def breaches(path: Path) -> Iterator[str]:
    """Yield what breaks the rule in a file, as `file:line: phrase -> what to write instead`."""
    name = path.relative_to(ROOT).as_posix()
    if not may_break(path.read_text(encoding="utf-8")):
        return
    for line, phrase in phrases_of(path):
        words = re.sub(r"\s+", " ", phrase)
        if ANY_RULE.search(words) is None:
            continue
        for pattern, instead in RULES.items():
            for match in re.finditer(pattern, words, re.IGNORECASE):
                around = words[max(match.start() - 30, 0) : match.end() + 20].strip()
                yield f"{name}:{line}: {around!r} -> {instead}"
    if path.suffix == ".py" and not name.startswith("tests/"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, DOCUMENTED) and (first := _not_imperative(node)):
                line = getattr(node, "lineno", 1)
                yield f"{name}:{line}: a docstring starts with {first!r} -> an imperative"


def _not_imperative(node: ast.AST) -> str | None:
    """Return the first word of a docstring that describes where it should command, or None.

    Properties, checks, classes and modules are described: they are things or rules, not actions.
    """
    match = re.match(DESCRIBES, ast.get_docstring(node) or "")
    if match is None or match[0] == "What":
        return match and match[0]
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    is_thing = any(re.match(THING, f"@{ast.unparse(one)}") for one in node.decorator_list)
    return None if is_thing else match[0]


def files() -> list[Path]:
    """Return the files that the rule is for."""
    found = [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "SECURITY.md",
        ROOT / "CHANGELOG.md",
    ]
    for folder, pattern in [
        ("docs", "*.md"),
        ("pconfigs", "*.py"), ("pconfigs", "*.pyi"), ("pconfigs", "*.md"),
        ("project", "*.py"), ("benchmarks", "*.py"), ("tools", "*.py"), ("tests", "*.py"),
    ]:  # fmt: skip
        found += (ROOT / folder).rglob(pattern)
    kept = {Path(__file__).resolve(), *(ROOT / name for name in KEPT)}
    samples = [*(ROOT / "tests/typing").glob("*/"), ROOT / "tests/golden"]
    return [
        path
        for path in found
        if path.exists() and path not in kept and not any(map(path.is_relative_to, samples))
    ]


def test_language_rule_is_kept():
    assert [one for path in files() for one in breaches(path)] == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("# it stands here,\n# and so.\n", 2),
        ('"""What a thing is."""\n', 1),
        ("raise ValueError(f'{x} is no number')\n", 1),
        ("x = 'is no longer used; otherwise, None. So it is.'  # Return it\n", 0),
        ("x = 'computed otherwise today'\n", 1),
        ("x = 'cannot be called so'\n", 1),
        ("# the file does not say it\n", 1),
        ("# a word that tells them apart; say why\n", 0),
        ('\ndef f():\n    """Whether a thing is there."""\n', 1),
        ('def f(\n    x,\n):\n    """Which one it is."""\n', 1),
        ('@cache\ndef f():\n    """`x` as text."""\n', 1),
        ('class A:\n    """Where things are."""\n', 0),
        ('@property\ndef f():\n    """Whether a thing is there."""\n', 0),
        ('def f():\n    """Return whether a thing is there."""\n', 0),
    ],
)
def test_breaches_are_found(text, count, tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    (tmp_path / "module.py").write_text(text, encoding="utf-8")
    assert len(list(breaches(tmp_path / "module.py"))) == count


def test_breaches_in_tests_are_found_in_names_and_docstrings(tmp_path, monkeypatch):
    """Strings of tests are data."""
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    file = tmp_path / "tests" / "test_module.py"
    file.parent.mkdir()
    file.write_text(
        '"""Nobody is here."""\n'
        'def test_it_is_told():\n    """It says."""\n    "It stands."\n    x = "It is told."\n'
    )
    assert [breach.split(":")[1] for breach in breaches(file)] == ["1", "2", "2"]


if __name__ == "__main__":
    asked = [Path(name).resolve() for name in sys.argv[1:]]
    for file in files():
        if not asked or any(file.is_relative_to(one) for one in asked):
            for breach in breaches(file):
                print(breach)
