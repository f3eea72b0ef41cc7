"""Reading source: calls, assignments and lines, as places need them."""

from __future__ import annotations

from pconfigs.provenance.assignment_sites import setting_at
from pconfigs.provenance.call_sites import call_at, called_name, path_keys, plain_arguments
from pconfigs.provenance.source_files import source_of

__all__ = ["call_at", "called_name", "path_keys", "plain_arguments", "setting_at", "source_of"]
