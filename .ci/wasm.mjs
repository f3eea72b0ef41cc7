// Run pytest of a checkout in Pyodide, a CPython in WebAssembly: no processes, no threads, a small stack.
// node wasm.mjs CHECKOUT PACKAGES EXPECTED_VERSION PYTEST_ARGUMENT...
import { loadPyodide } from "pyodide";

const [checkout, packages, expected, ...words] = process.argv.slice(2);
const python = await loadPyodide({ env: { HOME: "/home/pyodide", PYTHONDONTWRITEBYTECODE: "1" } });
for (const [place, root] of [["/checkout", checkout], ["/packages", packages]]) {
  python.FS.mkdirTree(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root }, place);
}
python.FS.chdir("/checkout");
python.globals.set("words", python.toPy(words));
python.globals.set("expected", expected);
process.exitCode = python.runPython(`
import importlib, os, sys
assert sys.version.startswith(expected), sys.version
sys.path[:0] = ["/checkout", "/packages"]
for place in sys.path[:2]:
    os.listdir(place)
importlib.invalidate_caches()
print("Python", sys.version)
import pytest
int(pytest.main(list(words)))
`);
