"""Runs joined in tables, frames and curves, compared with joins made by hand from the files."""

import json
import math
import re
import sqlite3
import statistics
from xml.dom import minidom

import pytest

from pconfigs import pruns
from pconfigs.errors import RunNotFoundError, UsageError
from pconfigs.runs.results.curves import MOST_POINTS, colors_of, curves_of
from pconfigs.runs.results.frames import metric_columns
from pconfigs.runs.results.tables import _mean_and_deviation
from tests.runs.conftest import Project, read, rows

FIELDS = ["steps", "rate", "seed"]
SCRIPT = """
from lab.train import TrainerConfig
from pconfigs import prun

for rate in (0.25, 0.5, 1.0):
    for seed in (0, 1):
        with prun.record(TrainerConfig(rate=rate, seed=seed, steps=4), name="swept"):
            for step in range(4):
                prun.log(step=step, loss=rate / (step + 1) + seed / 100)
            prun.log(accuracy=1 - rate / 2 + seed / 50, word="x", odd=float("nan"))
try:
    with prun.record(TrainerConfig(rate=2.0), name="swept"):
        prun.log(step=0, loss=9.0)
        raise ValueError
except ValueError:
    pass
"""


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    project = Project(tmp_path_factory.mktemp("swept"))
    project.write("script.py", SCRIPT)
    project.write(
        "lab/rates.py",
        """
        from lab.train import TrainerConfig
        from pconfigs import psweep

        base = TrainerConfig(steps=4)
        sweep = psweep(base, grid={"rate": [0.25, 0.5, 1.0], "seed": [0, 1]})
        """,
    )
    done = project.python("script.py")
    assert done.code == 0, done.err
    yield project
    project.end()


@pytest.fixture
def inside(swept, monkeypatch):
    monkeypatch.chdir(swept.folder)
    return swept


def by_hand(project):
    """Return config, status and rows of every run, read from its files."""
    return {
        path.name: (
            read(path / "config.json"),
            read(path / "status.json"),
            rows(path / "metrics.jsonl"),
        )
        for path in project.folders()
        if path.is_dir()
    }


def test_frames_have_every_field_and_every_last_value(inside):
    pytest.importorskip("pandas")
    pytest.importorskip("polars")
    frame = pruns().to_pandas()
    held = by_hand(inside)
    assert list(frame.columns) == [
        "run", "state", "started", "took", "exit_code", "steps", "rate", "seed", "key", "total",
        "accuracy", "loss", "odd", "word",
    ]  # fmt: skip
    assert len(frame) == len(held) == 7
    for record in frame.to_dict("records"):
        config, status, logged = held[record["run"]]
        assert record["state"] == status["state"]
        assert (record["rate"], record["seed"]) == (config["rate"], config["seed"])
        assert (
            record["loss"]
            == next(r for r in reversed(logged) if "loss" in r["values"])["values"]["loss"]
        )
    assert pruns().to_polars().shape == frame.shape


def test_metrics_have_a_row_for_every_logged_value(inside):
    pytest.importorskip("pandas")
    frame = pruns().metrics("loss").to_pandas()
    held = by_hand(inside)
    assert list(frame.columns) == ["run", "attempt", "step", "name", "value", *FIELDS]
    for name, (config, _, logged) in held.items():
        mine = frame[frame.run == name]
        expected = [
            (row["step"], row["values"]["loss"]) for row in logged if "loss" in row["values"]
        ]
        assert list(zip(mine.step, mine.value)) == expected
        assert set(mine.rate) == {config["rate"]}
    assert len(pruns().metrics()) == 6 * (4 + 3) + 1


def test_a_table_over_seeds_equals_the_join_by_hand(inside):
    table = pruns().table(over="seed", by="accuracy")
    assert table.left_out == 1
    assert table.columns["rate"] == [0.25, 0.5, 1.0]
    for row in table.rows():
        found = [
            status["last"]["accuracy"]
            for config, status, _ in by_hand(inside).values()
            if config["rate"] == row["rate"] and status["state"] == "done"
        ]
        assert row["accuracy"] == pytest.approx(statistics.mean(found))
        assert row["accuracy.std"] == pytest.approx(statistics.stdev(found))
        assert row["count"] == 2
        assert row["word.std"] is None
    assert str(table).splitlines()[1].startswith("0.25")
    assert "0.8850 ± 0.0141" in str(table)
    assert pruns().table(over="seed", by="min loss").columns["rate"] == [0.25, 0.5, 1.0]


def test_conditions_select_runs(inside):
    assert len(pruns().where("state=done")) == 6
    assert len(pruns().where("state!=done", "rate=2.0")) == 1
    assert len(pruns().where("accuracy>0.74", "seed=0")) == 2
    assert len(pruns().where("run~swept", "word=x")) == 6
    assert len(pruns().where("odd=nan")) == 0
    for conditions, problem in (
        (["rat=1"], "no run has a field or metric 'rat'"),
        (["state"], "a condition must be NAME=VALUE"),
        (["accuracy>"], "accuracy is a number, got ''"),
        (["rate>>3"], "rate is a number, got '>3' in 'rate>>3'"),
    ):
        with pytest.raises(UsageError, match=re.escape(problem)):
            pruns().where(*conditions)


def test_runs_are_a_sequence_newest_first(inside):
    runs = pruns()
    assert [run.when for run in runs] == sorted((run.when for run in runs), reverse=True)
    assert runs[0].state == "failed"
    assert len(runs[1:3]) == 2
    assert runs[0] in runs
    assert len(pruns("swept")) == 7
    assert [run.id for run in pruns(f"@{runs[0].id}")] == [runs[0].id]
    with pytest.raises(RunNotFoundError):
        pruns("swapt")
    with pytest.raises(TypeError, match="pruns takes names and configs, got int"):
        pruns([3])
    assert "<table" in runs._repr_html_()
    assert "<svg" in runs.plot("loss")._repr_html_()


def test_without_a_store_there_are_no_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert len(pruns()) == 0
    assert pruns().table().lines() == ["run"]


def test_configs_and_sweeps_select_by_fingerprint(swept):
    swept.write(
        "ask.py",
        """
        from lab.rates import sweep
        from lab.train import TrainerConfig
        from pconfigs import pruns

        print(len(pruns(sweep)), len(pruns(sweep[2])), len(pruns(TrainerConfig(rate=7.0))))
        best = max(pruns(sweep), key=lambda run: run.last["accuracy"])
        print(best.config.rate, best.config == sweep[1], best.stale())
        """,
    )
    done = swept.python("ask.py")
    assert done.out == "6 1 0\n0.25 True []\n", done.err
    done = swept.runs("table", "lab.rates.sweep", "--over", "seed", "--by", "accuracy", "--json")
    assert [row["rate"] for row in json.loads(done.out)] == [0.25, 0.5, 1.0]


@pytest.mark.parametrize("suffix", ["csv", "json", "md", "html", "parquet"])
def test_tables_are_written_in_each_format(inside, suffix):
    if suffix == "parquet":
        pytest.importorskip("polars")
    name = f"table.{suffix}"
    done = inside.runs("table", "--over", "seed", "-o", name)
    assert done.code == 0, done.err
    path = inside.folder / name
    if suffix == "parquet":
        rates = pytest.importorskip("polars").read_parquet(path)["rate"].to_list()
        assert rates == pruns().table(over="seed").columns["rate"]
    elif suffix == "json":
        assert json.loads(path.read_text()) == json.loads(
            json.dumps(pruns().table(over="seed").rows())
        )
    else:
        text = path.read_text()
        assert all(part in text for part in ("rate", "accuracy", "0.25"))
    path.unlink()


def test_sql_sees_runs_and_metrics(inside):
    text = "select r.rate, max(m.value) as top from metrics m join runs r on r.run = m.run"
    done = inside.runs("table", "--sql", f"{text} where m.name = 'loss' group by r.rate", "--json")
    assert json.loads(done.out) == [
        {"rate": 0.25, "top": 0.26},
        {"rate": 0.5, "top": 0.51},
        {"rate": 1.0, "top": 1.01},
        {"rate": 2.0, "top": 9.0},
    ]
    done = inside.runs("table", "--sql", "select missing from runs")
    assert done.code == 2
    assert "no such column: missing" in done.err
    assert sqlite3.sqlite_version  # the query ran in a database of its own


def test_wrong_columns_are_named(inside):
    for words in (["--over", "sead"], ["--by", "acuracy"], ["-o", "x.doc"]):
        done = inside.runs("table", *words)
        assert done.code == 2, words
    assert "did you mean seed?" in inside.runs("table", "--over", "sead").err


def test_curves_have_colours_facets_and_smoothing(inside):
    runs = pruns().where("state=done")
    curves = curves_of(runs, ["loss"], color="rate")
    assert (curves.title, curves.labels) == ("rate", ["0.25", "0.5", "1.0"])
    assert [len(panel.curves) for panel in curves.panels] == [6]
    assert curves.panels[0].curves[0].points[1] == (1, pytest.approx(0.125))
    faceted = curves_of(runs, ["loss"], color="rate", facet="seed")
    assert [panel.title for panel in faceted.panels] == ["loss, seed=0", "loss, seed=1"]
    smooth = curves_of(runs, ["loss"], color="rate", smooth=0.5).panels[0].curves[0].points
    assert smooth[0] == (0, pytest.approx(0.25))
    assert smooth[1][1] == pytest.approx((0.25 * 0.5 + 0.125) / 1.5)
    for options in ({"color": "rat"}, {"facet": "x"}, {"smooth": 1.0}):
        with pytest.raises(UsageError):
            curves_of(runs, ["loss"], **options)
    with pytest.raises(UsageError):
        curves_of(runs, ["los"])


def test_drawings_escape_names_and_bridge_no_gap(inside):
    curves = curves_of(pruns(), ["loss"])
    curves.panels[0].title = "<loss>"
    curves.panels[0].curves[0].points = [(0, 1.0), (1, math.nan), (2, 3.0), (3, 4.0)]
    svg = curves.svg()
    assert "&lt;loss&gt;" in svg
    assert "<loss>" not in svg
    first = svg.split('<path d="')
    line = next(part.partition('"')[0] for part in first if 'fill="none"' in part)
    assert line.count("M") == 2
    assert len(colors_of([str(i) for i in range(40)])) == 40
    assert MOST_POINTS >= 100


@pytest.mark.parametrize("suffix", ["html", "svg", "png"])
def test_curves_are_written_in_each_format(inside, suffix):
    if suffix == "png":
        pytest.importorskip("matplotlib")
    name = f"loss.{suffix}"
    done = inside.runs("plot", "loss", "lab.rates.sweep", "--color", "rate", "-o", name)
    assert done.code == 0, done.err
    content = (inside.folder / name).read_bytes()
    start = {"html": b"<!doctype html>", "svg": b"<svg ", "png": b"\x89PNG"}[suffix]
    assert content.startswith(start)
    assert b"http" not in content.replace(b"http://www.w3.org/2000/svg", b"") or suffix == "png"
    (inside.folder / name).unlink()


def test_rows_of_later_attempts_replace_earlier_ones(project, monkeypatch):
    target = project.experiment("again", body="return prun.REQUEUE if prun.attempt == 1 else 0")
    project.run("--record", target)
    project.run("--resume", "@again")
    monkeypatch.chdir(project.folder)
    columns = metric_columns(list(pruns()))
    assert columns["attempt"] == [2, 2, 2]
    assert columns["step"] == [0, 1, 2]


ODD = """
from lab.train import TrainerConfig
from pconfigs import prun

LARGEST = 1.7976931348623157e308
METRICS = {
    "flops": [3.2e18] * 3, "operations": [32 * 10**17] * 3, "large": [1, 1, 1],
    "wide": [LARGEST, -LARGEST, 0.0], "small": [0.0, 5e-324, 0.0], "most": [LARGEST] * 3,
    "open": [float("nan"), float("inf"), float("-inf")], "squares": [1e200, 2e200, 3e200],
    "\\x1b[2J\\0\\ud800<b>": [1.0, 2.0, 3.0],
}
for seed in (0, 1):
    with prun.record(TrainerConfig(seed=seed), name="odd"):
        for step in range(3):
            for name, values in METRICS.items():
                prun.log(step=step, **{name: values[step]})
"""


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """Two runs whose metrics are as large, as small and as oddly named as JSON takes them.

    `prun.log` takes no integers that a float cannot hold; a record may hold them all the same.
    """
    project = Project(tmp_path_factory.mktemp("odd"))
    project.write("odd.py", ODD)
    done = project.python("odd.py")
    assert done.code == 0, done.err
    for file in project.store.glob("odd-*/metrics.jsonl"):
        rows = [json.loads(line) for line in file.read_text().splitlines()]
        values = [-(10**400), 10**400]
        for row in rows:
            if "large" in row["values"] and values:
                row["values"]["large"] = values.pop()
        rows.append({**rows[-1], "step": 10**400, "values": {"flops": 1.0}})
        file.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    yield project
    project.end()


def test_numbers_of_any_size_are_drawn(odd, monkeypatch):
    monkeypatch.chdir(odd.folder)
    curves = curves_of(pruns())
    assert len(curves.panels) == 9
    document = minidom.parseString(curves.svg().encode())
    lines = [path.getAttribute("d") for path in document.getElementsByTagName("path")]
    assert not [line for line in lines if "nan" in line or "inf" in line]


@pytest.mark.parametrize(
    "words",
    [
        ["page", "-o", "odd.html"],
        ["plot", "flops,wide,small,most,large,open", "-o", "odd.svg"],
        ["table", "--over", "seed"],
        ["table", "--by", "max large"],
        ["table", "-o", "odd.html"],
    ],
)
def test_numbers_of_any_size_are_in_each_report(words, odd):
    done = odd.runs(*words)
    assert done.code == 0, done.err


@pytest.mark.parametrize(
    ("values", "mean", "deviation"),
    [
        ([1.0, 2.0, 6.0], 3.0, math.sqrt(7.0)),
        ([1e200, 2e200, 6e200], 3e200, math.sqrt(7.0) * 1e200),
        ([1e308, 1e308], 1e308, 0.0),
        ([math.inf, 1.0], math.inf, math.nan),
        ([math.inf, -math.inf], math.nan, math.nan),
        ([10**400], math.inf, None),
        (["text"], None, None),
    ],
)
def test_means_are_of_numbers_of_any_size(values, mean, deviation):
    found = _mean_and_deviation(values)
    assert found == (pytest.approx(mean, nan_ok=True), pytest.approx(deviation, nan_ok=True))
