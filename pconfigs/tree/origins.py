from __future__ import annotations
class P:
    def __init__(self, f, l): self.f, self.line, self.column, self.end_line, self.end_column = f, l, None, None, None
    def __str__(self): return f"{self.f}:{self.line}"
    def source_line(self): return None
def place_of(code, lasti): return P(code.co_filename, code.co_firstlineno) if hasattr(code,'co_filename') else code
def keyword_place(code, lasti, name): return place_of(code, lasti)
argument_place = keyword_place
def function_place(f): return place_of(f.__code__, 0)
