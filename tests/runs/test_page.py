"""The page of runs: small, self-contained, and used in a real browser."""

import json
import re
import shutil
import subprocess

import pytest

from pconfigs.runs.reading.runs import Run
from pconfigs.runs.results.page import BUDGET, page_data, page_of
from pconfigs.runs.results.sequence import pruns
from tests.runs.conftest import read

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
BIGGEST = 5_000_000

USER = r"""
<script>
const seen = {}, wait = () => new Promise(requestAnimationFrame);
const rows = () => [...document.querySelectorAll("#runs tbody tr[data-run]")];
const press = (key, target) => (target || document).dispatchEvent(
  new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
(async () => {
  seen.all = $("count").textContent;
  seen.rendered = rows().length;
  press("/");
  seen.focused = document.activeElement.id;
  const start = performance.now();
  $("filter").value = "state=done rate>0.5 first";
  $("filter").dispatchEvent(new Event("input"));
  seen.filtered = $("count").textContent;
  seen.quick = performance.now() - start < 500;
  $("filter").value = "nothing=1";
  $("filter").dispatchEvent(new Event("input"));
  seen.bad = $("bad").textContent;
  press("Escape");
  seen.again = $("count").textContent;
  const sortBy = name => [...document.querySelectorAll("#runs th button")]
    .find(b => b.textContent.startsWith(name)).click();
  sortBy("loss");
  seen.sorted = document.querySelector("th[aria-sort]").ariaSort;
  const first = rows()[0].dataset.run;
  sortBy("loss");
  seen.other = rows()[0].dataset.run !== first;
  document.activeElement.blur();
  press(" "); press("ArrowDown"); press(" ");
  seen.chosen = document.querySelectorAll("tr.chosen").length;
  seen.paths = [...document.querySelectorAll("#compare tr[data-path]")].map(t => t.dataset.path);
  const cells = document.querySelectorAll("#compare tr[data-path=rate] td");
  seen.values = [...cells].map(t => t.textContent);
  seen.curves = document.querySelectorAll("#plot path[stroke-width]").length;
  press("Escape");
  seen.closed = $("details").hidden;
  document.querySelector("#columns input").click();
  const heads = [...document.querySelectorAll("#runs th button")];
  seen.hidden = heads.every(b => b.textContent !== "run");
  seen.scripts = document.querySelectorAll("[src], link").length;
  document.body.dataset.seen = JSON.stringify(seen);
})();
</script>
"""


@pytest.fixture
def store(project, monkeypatch):
    """A store with three runs of a system."""
    project.run("--record", "lab.first", "rate=0.25")
    project.run("lab.first", "rate=0.75", "steps=5")
    project.run(project.experiment("fails", "rate=1.0", body="return 3"))
    monkeypatch.chdir(project.folder)
    return project


def in_browser(tmp_path, text):
    page = tmp_path / "page.html"
    page.write_text(text.replace("</body>", f"{USER}</body>"), encoding="utf-8")
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--dump-dom",
        "--virtual-time-budget=9000",
    ]
    done = subprocess.run(
        [BROWSER, *options, f"--user-data-dir={tmp_path / 'profile'}", page.as_uri()],
        capture_output=True, encoding="utf-8", timeout=120, check=True,
    )  # fmt: skip
    found = re.search(r'data-seen="([^"]*)"', done.stdout)
    assert found, done.stdout[-2000:]
    return json.loads(found[1].replace("&quot;", '"').replace("&gt;", ">"))


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="chromium is not installed")
def test_a_reader_filters_sorts_compares_and_reads_a_value(store, tmp_path):
    seen = in_browser(tmp_path, page_of(pruns()))
    assert seen == {
        "all": "3 of 3 runs",
        "rendered": 3,
        "focused": "filter",
        "filtered": "1 of 3 runs",
        "quick": True,
        "bad": "no column nothing",
        "again": "3 of 3 runs",
        "sorted": "descending",
        "other": True,
        "chosen": 2,
        "paths": seen["paths"],
        "values": ["0.25", "0.75"],
        "curves": 2,
        "closed": True,
        "hidden": True,
        "scripts": 0,
    }
    assert {"rate", "steps", "total", "loss"} <= set(seen["paths"])


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="chromium is not installed")
def test_5000_runs_fit_on_a_page_that_filters_at_once(store, tmp_path):
    run = pruns("first")[0]
    runs = []
    for index in range(5000):
        copy = Run(run.record, {**run.facts})
        values = {**run.values, "rate": index / 5000}
        copy.__dict__.update(
            _flat=(values, run.given), last={"loss": index * 0.1}, status=run.status
        )
        runs.append(copy)
    text = page_of(runs)
    assert len(text.encode()) < BIGGEST
    seen = in_browser(tmp_path, text)
    assert seen["all"] == "5000 of 5000 runs"
    assert seen["rendered"] < 200
    assert seen["quick"] is True
    assert seen["filtered"] == "2499 of 5000 runs"


def test_the_command_writes_a_page_that_needs_nothing_else(store):
    done = store.runs("page", "-o", "runs.html")
    assert done.code == 0, done.err
    text = (store.folder / "runs.html").read_text()
    assert text.startswith("<!doctype html>")
    assert not re.search(r"""(src|href)=|@import|url\(""", text)
    assert "hunter2" not in text
    data = json.loads(re.search(r'<script id="data"[^>]*>(.*?)</script>', text)[1])
    assert data["count"] == 3
    assert [column["name"] for column in data["columns"]][:5] == [
        "run", "state", "started", "took", "exit_code",
    ]  # fmt: skip
    assert store.runs("page", "-o", "runs.txt").code == 2


def test_texts_of_runs_are_escaped(store):
    path = store.folders()[0] / "config.json"
    data = {**read(path), "rate": "</script><b>bold</b>"}
    path.write_text(json.dumps(data))
    text = page_of(pruns(), "<title>")
    assert "</script><b>" not in text
    assert "<title>&lt;title&gt;</title>" in text


def test_values_that_are_not_finite_are_texts(store):
    path = store.folders()[0] / "status.json"
    path.write_text(json.dumps({**read(path), "last": {"loss": float("nan")}}))
    columns = {one["name"]: one["values"] for one in page_data(pruns())["columns"]}
    assert "nan" in columns["loss"]


def test_curves_keep_to_a_budget(store):
    runs = list(pruns("first")) * 3
    data = page_data(runs)
    points = sum(len(steps) for run in data["curves"].values() for steps, _ in run.values())
    assert 0 < points <= BUDGET
