"""Building, as initializers and lower packages ask for it."""

from __future__ import annotations

from pconfigs.build.construction import build_at
from pconfigs.build.evaluation import exact_reads
from pconfigs.build.lazy_inputs import complete, lazy_variant
from pconfigs.schema.field_resolution import resolved_fields

__all__ = ["build_at", "complete", "exact_reads", "lazy_variant", "resolved_fields"]
