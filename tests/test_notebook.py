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


def executed():
    """Return the notebook after execution from the folder of the repository."""
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    import nbformat

    notebook = nbformat.read(NOTEBOOK, as_version=4)
    metadata = {"metadata": {"path": str(ROOT)}}
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
