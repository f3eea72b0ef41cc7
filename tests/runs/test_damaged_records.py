"""Damaged files of a store: named where they matter, left out where one line is lost, never read
as something else."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from pconfigs.errors.runs import LogError, StoreError
from pconfigs.errors.targets import UsageError
from pconfigs.launchers.claims import last_claim
from pconfigs.launchers.records import open_record
from pconfigs.runs.changes.source_items import items_of
from pconfigs.runs.folder import RunFolder, lines_in
from pconfigs.runs.metrics import checked, checked_step, parsed, rows_of
from pconfigs.runs.reading.conditions import Condition, value_of
from pconfigs.runs.reading.flat_config import MOST, flat_values
from pconfigs.runs.reading.report import _host_rows
from pconfigs.runs.reading.shapes import SHAPES, misfit
from pconfigs.runs.reading.summaries import read_runs
from pconfigs.runs.status import process_facts
from pconfigs.runs.store import make_store, open_store
from pconfigs.runs.upkeep import remove
from pconfigs.testing.golden_metrics import _read as read_golden
from pconfigs.trackers.progress import Progress, file_of, read_progress
from tests.limits import limits, usual_depth

NESTED = "[" * 100_000


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("status.json", '{"attempt": "1"}', "attempt has the wrong type"),
        ("status.json", '{"attempt": true}', "attempt has the wrong type"),
        ("status.json", '{"process": {"pid": 1.5}}', "process has the wrong type"),
        ("status.json", '{"started": 1e300}', "started has the wrong type"),
        ("status.json", '{"error": []}', "error has the wrong type"),
        ("status.json", '{"error": {"type": "x"}}', "error has the wrong type"),
        ("run.json", '{"overrides": "steps=3"}', "overrides has the wrong type"),
        ("run.json", '{"overrides": [1]}', r"overrides\[0\] has the wrong type"),
        ("run.json", '{"consumed": [{"ref": 1}]}', r"consumed\[0\].ref has the wrong type"),
        ("code.json", '{"functions": {"a": 1}}', "functions.a has the wrong type"),
        ("code.json", '{"functions": {"a": [["f"]]}}', r"functions.a\[0\] has the wrong type"),
        ("code.json", '{"functions": {"a": [["f", "1"]]}}', r"functions.a\[0\]\[1\] has the"),
        ("code.json", '{"files": {"a": {"module": "a"}}}', "files.a.content has the wrong type"),
        ("attempts/1.json", '{"seeds": []}', "seeds has the wrong type"),
        ("attempts/1.json", '{"host": {"cpus": "8"}}', "host has the wrong type|host.cpus has"),
        ("config.json", "[]", "it must be an object, got list"),
        ("config.json", NESTED, "it is nested too deeply"),
        ("config.json", '{"x": ' * 201 + "1" + "}" * 201, "it is nested too deeply"),
        ("config.json", '{"a": ' + "1" * 5000 + "}", "the record cannot be read"),
    ],
)
def test_a_value_of_the_wrong_type_is_named(name, text, problem, tmp_path):
    written(tmp_path / name, text)
    with pytest.raises(StoreError, match=problem):
        RunFolder(str(tmp_path)).read(name)


def test_what_is_nested_as_deeply_as_configs_may_be_is_read(tmp_path):
    text = '{"x": ' * 199 + '{}, "y": "' + "[" * 300 + '"' + "}" * 199
    written(tmp_path / "config.json", text)
    assert RunFolder(str(tmp_path)).read("config.json") == json.loads(text)


@pytest.mark.parametrize(
    ("data", "flat"),
    [
        ({"a": {"$same": 5}}, {"a": "<5>"}),
        ({"a": {"$same": "b[x]"}}, {"a": "<b[x]>"}),
        ({"a": {"$float": "x"}}, {"a": "x"}),
        ({"a": {"$float": []}}, {"a": []}),
        ({"a": {"$dict": 5}}, {"a": 5}),
        ({"a": {"$dict": [[1, 2, 3]]}}, {"a[0]": [1, 2, 3]}),
        ({"$given": 5, "$computed": "x", "a": 1}, {"a": 1}),
    ],
)
def test_a_mark_in_a_config_that_means_nothing_is_shown_as_it_is(data, flat):
    assert flat_values(data) == flat


@pytest.mark.parametrize("levels", [2, 60])
def test_references_do_not_grow_without_bounds(levels):
    """Each level holds the one before it twice; or all of it, in itself."""
    data = {"a0": [[1], [2]]}
    for level in range(1, levels):
        data[f"a{level}"] = [{"$same": f"a{level - 1}"}] * 2
    assert len(flat_values(data)) < 2 * MOST
    endless = flat_values({"a": {"b": {"$same": "a"}, "c": 1}})
    assert len(endless) < 1000
    assert endless["a.b.b.c"] == 1
    assert "<a>" in endless.values()


@pytest.mark.parametrize("text", [" " * 20_000, "a" + " " * 20_000, "\t" * 20_000 + "a"])
def test_a_long_condition_is_refused_in_little_time(text):
    with limits(2.0), pytest.raises(UsageError, match="must be NAME=VALUE"):
        Condition(text)


def test_spaces_around_the_parts_of_a_condition_do_not_count():
    condition = Condition("  loss  <= \t 0.5 ")
    assert (condition.name, condition.sign, condition.value) == ("loss", "<=", 0.5)


@pytest.mark.parametrize(
    "change", [{"step": 1 << 63}, {"step": -(10**400)}, {"values": {"loss": -(1 << 1023)}}]
)
def test_rows_with_numbers_that_nothing_draws_are_left_out(change):
    row = {"attempt": 1, "step": (1 << 63) - 1, "time": 1.5, "values": {"loss": 1 << 1022}}
    assert parsed(json.dumps(row).encode() + b"\n") == row
    assert parsed(json.dumps({**row, **change}).encode() + b"\n") is None


def test_numbers_that_nothing_draws_are_not_logged():
    assert checked({"loss": 1 << 1022}) == {"loss": 1 << 1022}
    assert checked_step(-(1 << 63)) == -(1 << 63)
    with pytest.raises(LogError, match="loss must be a number that a float can hold"):
        checked({"loss": 1 << 1023})
    with pytest.raises(LogError, match="step must be an int of 64 bits"):
        checked_step(1 << 63)


def test_cleaning_removes_the_link_to_a_run_and_not_what_it_leads_to(tmp_path):
    store = make_store(str(tmp_path / "runs"))
    path = Path(store.claim("a-1", {"run.json": b"{}", "status.json": b'{"state": "done"}'}))
    elsewhere = path.rename(tmp_path / "elsewhere")
    path.symlink_to(elsewhere)
    remove(store, read_runs(store))
    assert not path.is_symlink()
    assert (elsewhere / "run.json").is_file()
    assert list((tmp_path / "runs/.claims").iterdir()) == []


def test_facts_of_the_host_that_are_missing_are_shown_as_unknown():
    rows = dict(_host_rows({"name": "a", "gpus": []}, {}, {}))
    assert rows["host"] == "a, ?, ? CPUs"
    assert rows["python"].startswith("?, 0 packages")


def test_what_no_command_reads_may_hold_anything():
    assert misfit({"more": [1, {"a": None}], "attempt": 1}, SHAPES["status"]) == ""


def test_lines_that_are_damaged_are_left_out(tmp_path):
    lines = ["[]", "{", '{"text": 1}', NESTED, '{"text": "kept", "more": 1}', '{"text": "torn"']
    written(tmp_path / "notes.jsonl", "\n".join(lines))
    found = list(lines_in(RunFolder(str(tmp_path)), "notes.jsonl"))
    assert found == [{"text": "kept", "more": 1}]


GOOD = {"values": {"loss": 1.0, "name": "a", "done": True}, "step": 3, "attempt": 2, "time": 1.5}


@pytest.mark.parametrize(
    "change",
    [
        {"values": None},
        {"values": []},
        {"values": {"loss": [1]}},
        {"values": {"loss": None}},
        {"step": "3"},
        {"step": 1.5},
        {"attempt": None},
        {"time": "now"},
    ],
    ids=str,
)
def test_a_row_with_a_wrong_type_is_left_out(change, tmp_path):
    file = tmp_path / "metrics.jsonl"
    lines = [json.dumps(row) for row in ({**GOOD, **change}, GOOD)]
    written(file, "\n".join([*lines, "[1]", NESTED, '{"values": {"torn"']))
    assert list(rows_of(str(file))) == [GOOD]


def test_rows_without_the_facts_that_are_optional_are_kept():
    assert parsed(b'{"values": {}}\n') == {"values": {}}
    assert parsed(b'{"values": {}, "step": null}\n') == {"values": {}, "step": None}


@pytest.mark.parametrize("text", ["{}", NESTED, '{"schema": 1.0}', '{"schema": ' + "1" * 5000])
def test_a_store_whose_schema_cannot_be_read_is_named(text, tmp_path):
    written(tmp_path / "store.json", text)
    with pytest.raises(StoreError, match=r"store.json: the store cannot be read"):
        open_store(str(tmp_path))


def test_a_claim_that_is_damaged_does_not_count(tmp_path):
    claim = {"launch": "a", "kind": "local", "attempt": 1, "process": process_facts(), "made": 1.0}
    written(tmp_path / "launches/1.json", json.dumps(claim))
    for number, text in enumerate(
        ["{", "[]", NESTED, "{}", '{"more": 1}', json.dumps({**claim, "attempt": "1"})], 2
    ):
        written(tmp_path / f"launches/{number}.json", text)
    found = last_claim(RunFolder(str(tmp_path)))
    assert found is not None
    assert (found.number, found.launch) == (1, "a")


@pytest.mark.parametrize("text", ["[]", NESTED, "{}", '{"kind": "local"}', '{"kind": 1}'])
def test_a_launch_whose_record_is_damaged_was_never_written(text, tmp_path):
    written(tmp_path / ".jobs/one/engine.json", text)
    assert open_record(str(tmp_path), "one") is None


@pytest.mark.parametrize(
    "text",
    ["[]", NESTED, "{}", '{"metrics": {}}', '{"metrics": [], "functions": {}}',
     '{"metrics": {}, "functions": {"a": 1}}'],
)  # fmt: skip
def test_golden_metrics_that_are_damaged_are_written_anew(text, tmp_path):
    assert read_golden(str(written(tmp_path / "one.config.metrics", text))) is None
    good = '{"metrics": {"loss": 1}, "functions": {"f": "a"}}'
    assert read_golden(str(written(tmp_path / "one.config.metrics", good))) == json.loads(good)


@pytest.mark.parametrize("text", ["[]", NESTED, '{"rows": "3"}', '{"offsets": {"a": null}}'])
def test_progress_that_is_damaged_starts_anew(text, tmp_path):
    folder = RunFolder(str(tmp_path))
    written(Path(file_of(folder, "wandb")), text)
    assert read_progress(folder, "wandb") == Progress()


def test_a_status_that_lacks_what_commands_read_of_it_does_not_count(project):
    project.run("--record", "lab.first")
    status = project.only_run() / "status.json"
    held = json.loads(status.read_text())
    status.write_text(json.dumps({**held, "state": "failed", "error": {"text": "no luck"}}))
    done = project.runs("show", "@first")
    assert (done.code, done.err) == (0, "")
    assert "no luck" not in done.out
    assert project.listed()[0]["state"] == "lost"


@pytest.mark.parametrize("text", [f"x = {'-' * 1500}1", "(" * 300, "x = '\x00'", "1" * 5000])
def test_sources_that_python_cannot_parse_have_a_problem(text):
    items_of.cache_clear()
    with usual_depth():
        assert items_of(text).problem


def test_a_condition_on_nested_json_compares_text():
    run = SimpleNamespace(values={"note": NESTED}, last={})
    assert Condition(f"note={NESTED}").holds(run)
    assert not Condition("note=[]").holds(run)


def test_an_index_that_no_list_has_is_missing():
    run = SimpleNamespace(values={"hidden": [64, 32]}, last={})
    assert value_of(run, "hidden[-1]") == 32
    assert value_of(run, "hidden[2]") is value_of(run, f"hidden[{'9' * 5000}]")
