"""Building: configs from what a call gives, what bases and defaults fill in, and what follows.

A program that declares configs may never build, compare, pickle, print or draw one: the modules of
these methods are loaded with the first call of one.
"""

from __future__ import annotations

from pconfigs.deferred import loader_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.build import generic_alias as generic_alias
    from pconfigs.build.methods import (
        code as code,
        second_default as second_default,
        smoke_variants as smoke_variants,
        values as values,
    )
    from pconfigs.reports import html as html
    from pconfigs.schema import signatures as signatures

_MODULES = {
    "code": "pconfigs.build.methods.code",
    "second_default": "pconfigs.build.methods.second_default",
    "generic_alias": "pconfigs.build.generic_alias",
    "html": "pconfigs.reports.html",
    "signatures": "pconfigs.schema.signatures",
    "smoke_variants": "pconfigs.build.methods.smoke_variants",
    "values": "pconfigs.build.methods.values",
}
__getattr__ = loader_of(__name__, _MODULES)
