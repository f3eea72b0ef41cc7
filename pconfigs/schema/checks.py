from __future__ import annotations
class Mismatch(Exception):
    def __init__(self, path, value, expected, advice="", broken_rule=False):
        self.path, self.value, self.expected, self.advice, self.broken_rule = path, value, expected, advice, broken_rule
class Check:
    def __init__(self, hint):
        o = getattr(hint, "__origin__", hint)
        self.origin = o if isinstance(o, type) else object
        self.types = frozenset() if o in (object, list, dict) else frozenset([o])
        if o is float: self.types = frozenset([int, float])
        self.by_value = not self.types
        self.words = hint.__name__ if isinstance(hint, type) and o is hint else str(hint)
        self.leafy = o in (int, float, str, bool) or (o is list and hint.__args__[0] in (int, float, str))
    def take(self, v):
        if not isinstance(v, self.origin): raise Mismatch("", v, self.words)
        return v
def check_for(h): return Check(h)
