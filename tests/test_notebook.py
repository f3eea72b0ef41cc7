"""The example notebook runs from top to bottom, and shows what it should.

Cells run in a real kernel of Jupyter (extra `notebook`). `python -m tests.test_notebook` executes
the notebook and writes its outputs into the file, for readers of the repository.
"""

import json
import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "docs" / "notebooks" / "tour.ipynb"


CLASSES = """\
from pconfigs import *

@pconfiged
class Model:
    config: "ModelConfig"

    def __init__(self):
        try:
            self.config.table["a"]
        except KeyError as error:
            raise RuntimeError("no table") from error

@pconfig
class ModelConfig(PConfig[Model]):
    width: int
    table: dict[str, int]

    @pproperty
    def scale(self) -> float:
        return 1 / self.width

@pconfig
def loss(value, width: int = 0):
    return value / width

@pface(ModelConfig)
def train(config):
    return 1 / config.table["b"]

@pconfiged(mock=True)
class Lines(list):
    config: "LinesConfig"

    def __init__(self):
        raise RuntimeError("no lines")

@pconfig
class LinesConfig(PConfig[Lines]):
    limit: int

class Table:
    def __init__(self, file: str):
        raise FileNotFoundError(file)

@pconfig(mocks=Table)
class TableConfig(PConfig):
    file: str

pdefaults += ModelConfig(width=1, table={})
"""


def executed(notebook=None, folder=ROOT):
    """Return a notebook, the example without one, after execution in a folder."""
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    import nbformat

    notebook = notebook or nbformat.read(NOTEBOOK, as_version=4)
    metadata = {"metadata": {"path": str(folder)}}
    client = nbclient.NotebookClient(notebook, allow_errors=True, resources=metadata, timeout=120)
    client.execute(env={**os.environ, "PYTHONWARNINGS": "ignore"})
    return notebook


def text_of(cell):
    """Return what a code cell shows as text: streams, values and errors."""
    parts = []
    for output in cell.outputs:
        if output.output_type == "stream":
            parts.append(output.text)
        elif output.output_type == "error":
            parts.append("\n".join(output.traceback))
        else:
            parts.append(output.data["text/plain"])
    return re.sub(r"\x1b\[[\d;]*m", "", "\n".join(parts))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_example_notebook_shows_what_it_explains():
    cells = [cell for cell in executed().cells if cell.cell_type == "code"]
    texts = [text_of(cell) for cell in cells]
    assert texts[0] == ""
    assert "EstimatorConfig(" in texts[1]
    [tree] = [output.data["text/html"] for output in cells[1].outputs]
    assert "<details" in tree
    assert "Cell In[2]:1" in tree
    assert texts[2] == "[0.0, 0.5, 1.0]"
    assert "steps = 3   Cell In[2]:1:26" in texts[3]
    assert "rate: 0.5 -> 1.0" in texts[4]
    assert texts[5].splitlines()[1:3] == [
        "  Cell In[6], line 1",
        "    EstimatorConfig(config, stpes=5)",
    ]
    assert "did you mean 'steps' (int)?" in texts[5]
    assert "has been defined again since" in texts[6]
    assert "site-packages" not in texts[5] + texts[6]
    assert "pconfigs/" not in texts[5] + texts[6]
    assert texts[7] == "8"
    assert texts[8].startswith("step=0 lr=0.001\n")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_exceptions_of_users_code_show_users_frames_alone():
    nbformat = pytest.importorskip("nbformat")
    calls = [
        ("ModelConfig(width=0)", "in ModelConfig.scale"),
        ("pset(ModelConfig(), {'width': 0})", "in ModelConfig.scale"),
        ("with psetter(ModelConfig()) as ps:\n    ps.width = 0", "in ModelConfig.scale"),
        ("ptransform(ModelConfig(), width=lambda part: part.width / 0)", "in <lambda>"),
        ("ModelConfig().construct()", "in Model.__init__"),
        ("loss(width=0)(3)", "in loss"),
        ("train(width=3)", "in train"),
        ("LinesConfig(limit=3).construct()", "in Lines.__init__"),
        ("TableConfig(file='no/file').construct()", "in Table.__init__"),
    ]
    cells = [nbformat.v4.new_code_cell(text) for text in [CLASSES, *(call for call, _ in calls)]]
    done = executed(nbformat.v4.new_notebook(cells=cells)).cells
    assert text_of(done[0]) == ""
    for cell, (call, frame) in zip(done[1:], calls, strict=True):
        text = text_of(cell)
        assert f"----> 1 {call.splitlines()[0]}" in text
        assert frame in text
        assert "pconfigs/" not in text, text
    assert "KeyError: 'a'" in text_of(done[5])
    assert "in the property ModelConfig.scale" in text_of(done[1])


def test_notebook_in_the_repository_has_the_outputs_of_its_cells():
    """Outputs are written by `python -m tests.test_notebook`."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    counts = [cell["execution_count"] for cell in cells if cell["cell_type"] == "code"]
    assert counts == list(range(1, len(counts) + 1))


if __name__ == "__main__":
    import nbformat

    done = executed()
    for cell in done.cells:
        cell.metadata = {}
    nbformat.write(done, NOTEBOOK)
