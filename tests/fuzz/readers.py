"""The table of all readers of what others wrote."""

from tests.fuzz import config_data, launch_files, record_files, source_files, texts

READERS = {
    **config_data.READERS,
    **launch_files.READERS,
    **record_files.READERS,
    **source_files.READERS,
    **texts.READERS,
}
TRUSTED = ()
"""Of modules that parse code of the project, which is imported anyway, or what we wrote."""
PARSING: dict[str, tuple[str, ...]] = {
    "adoption/reading/argparse_script.py": ("adopted script",),
    "adoption/writing/optional_parts.py": TRUSTED,
    "adoption/writing/sweep_code.py": TRUSTED,
    "annotations/source_text.py": TRUSTED,
    "artifacts/manifests.py": ("manifest", "record"),
    "artifacts/remote.py": TRUSTED,
    "cli/output_files.py": ("replaced file",),
    "cli/save_sweep.py": TRUSTED,
    "codegen/expressions.py": TRUSTED,
    "codegen/foreign_code.py": TRUSTED,
    "errors/annotation.py": TRUSTED,
    "imports/module_facts.py": ("listed module",),
    "imports/name_usage.py": TRUSTED,
    "imports/path_syntax.py": ("path", "target"),
    "imports/source_index.py": ("completion cache",),
    "launchers/engines/standalone.py": TRUSTED,
    "serialization/texts/tokens.py": ("override",),
    "provenance/source_files.py": TRUSTED,
    "reports/diff.py": TRUSTED,
    "reports/unused.py": TRUSTED,
    "runs/capture/output_filter.py": TRUSTED,
    "runs/changes/source_items.py": ("listed module", "record"),
    "runs/lineage/location.py": ("mounts",),
    "runs/lineage/production.py": TRUSTED,
    "runs/lineage/services.py": TRUSTED,
    "runs/metrics.py": ("record",),
    "runs/ranks.py": ("words of ranks",),
    "runs/reading/conditions.py": ("condition",),
    "runs/reading/shapes.py": ("record", "tracker progress"),
    "runs/reading/summaries.py": ("summary cache",),
    "serialization/conversion/scalar_codecs.py": ("data",),
    "serialization/formats/toml_format.py": (
        "toml",
        "adopted toml",
        "env.toml",
        "profile",
        "pyproject.toml",
    ),
    "serialization/formats/yaml_format.py": ("yaml", "adopted yaml"),
    "syntax.py": TRUSTED,
    "testing/import_module.py": TRUSTED,
}
