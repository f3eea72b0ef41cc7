from __future__ import annotations
import sys
from pconfigs.markers import Marked, Marker, Pinned
class Declared:
    def __init__(self, cls, names, class_vars, frame):
        self.cls, self.names, self.class_vars, self.frame = cls, names, class_vars, frame
def declare(cls, frame):
    names = dict(cls.__dict__.get("__annotations__", {}))
    cv = {n for n, a in names.items() if "ClassVar" in str(a)}
    return Declared(cls, names, cv, frame if "<locals>" in cls.__qualname__ else None)
class Resolved:
    def __init__(self, hint, markers, annotation=None):
        self.hint, self.markers, self.checked_hint, self.annotation = hint, markers, hint, annotation
def split(h, a=None):
    m = set()
    while True:
        if isinstance(h, Marked):
            m.add(h.marker); h = h.argument
        elif isinstance(h, Marker):
            m.add(h); h = object; break
        else: break
    return Resolved(h, frozenset(m), a)
def _ev(a, owner, frame):
    if isinstance(a, str):
        return eval(a, sys.modules[owner.__module__].__dict__, {**(frame.f_locals if frame else {})})
    return a
def resolve(owner, name, declared):
    return split(_ev(declared.names[name], owner, declared.frame), declared.names[name])
def resolve_return(found, owner):
    a = found.function.__annotations__.get("return", object)
    return split(_ev(a, owner, None), a)
