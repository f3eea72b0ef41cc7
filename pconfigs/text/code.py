from pconfigs.schema.table import schema_of
def to_values(c): return f"{type(c).__name__}({', '.join(f'{n}={getattr(c,n)!r}' for n in schema_of(c).fields)})"
def to_code(c): return to_values(c)
