"""Setter: nested values of a config set by attribute, on a view of it.

A view notes what is set; the config is built at the end, each part on the way once. What is wrong
about a name or a value is reported where it is set.
"""

from __future__ import annotations

from pconfigs.build.construction import given_input
from pconfigs.build.construction_state import Construction
from pconfigs.errors.build import build_error
from pconfigs.errors.formatting import class_name, given_words
from pconfigs.errors.paths import EditError, NoSuchFieldError, SetterUseError
from pconfigs.markers import Omitted, Pin, Pinned, is_deferred
from pconfigs.provenance.locations import StatementLocations, place_of
from pconfigs.provenance.origins import user_call_site
from pconfigs.schema.build_record import raw_inputs
from pconfigs.schema.class_schema import is_config, is_config_class, schema_of
from pconfigs.schema.inheritance import ABSENT as NOT_GIVEN, fallback_of, inherited_input
from pconfigs.tree.edit_tree import ABSENT, UNCHANGED, Node, built, like, pin_words
from pconfigs.tree.paths import ROOT, Item, Path, find_key
from pconfigs.tree.walk import step_into

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, NoReturn, Self

    from pconfigs.schema.fields import Field
    from pconfigs.tree.edit_tree import Call
    from pconfigs.validation.factory import Validator

_set = object.__setattr__


class View:
    """Something inside the config that is being changed.

    Attributes:
        node: What is viewed.
        around, key: The view that this was entered from, and by which key; None for the whole.
        locked: Why nothing in here can be set, or nothing.
        is_chosen: Whether the config was given, so that the classes in it are meant.
        kept: Of the whole, the config with everything that is set so far, where it was built.
    """

    __slots__ = ("around", "is_chosen", "kept", "key", "locked", "node")

    def __init__(
        self, node: Node, is_chosen: bool, around: View | None = None, key: Any = None
    ) -> None:
        self.node, self.is_chosen, self.around, self.key = node, is_chosen, around, key
        self.locked: str = "" if around is None else around.locked
        self.kept: Any = UNCHANGED

    @property
    def root(self) -> View:
        """The view of the whole."""
        return self if self.around is None else self.around.root

    def inner(
        self, key: Any, old: Any, step: str | Item, made: type | None = None, locked: str = ""
    ) -> View:
        """Return the view of what is at `key` here, whose value so far is `old`."""
        child = self.node.children.get(key) or self.node.add(key, old, step, made)
        view = View(child, self.is_chosen, self, key)
        view.locked = locked or view.locked
        return view

    def put(self, key: Any, step: str | Item, old: Any, value: Any, call: Call) -> None:
        """Note that `call` sets `key` to `value`.

        Raises:
            EditError: It is set already, or something inside of it; or nothing here can be.
        """
        path = Path(self.node.path, step)
        if self.locked:
            raise EditError([f"{path} cannot be set: {self.locked}"])
        child = self.node.children.get(key)
        if child is not None and child.new is not UNCHANGED:
            raise EditError([f"{path} is set twice{self._first_at(key)}"])
        inner = _first_set(child)
        if inner is not None:
            words = f"{path} is set after {inner}, which is inside of it{self._first_at(key)}"
            raise EditError([words])
        self.node.add(key, old, step).new = value
        self._note(key, call)

    def _note(self, key: Any, call: Call) -> None:
        """Remember in all views from the whole to here that `call` set something at `key`."""
        self.node.calls.setdefault(key, set()).add(call)
        self.kept = UNCHANGED
        if self.around is not None:
            self.around._note(self.key, call)

    def _first_at(self, key: Any) -> str:
        """Return where `key` was set before, in words."""
        calls = self.node.calls.get(key, ())
        return f", first at {place_of(*next(iter(calls)))}" if len(calls) == 1 else ""


class Setter:
    """`psetter(...)`: the fields of a config as attributes that can be set."""

    __slots__ = ("__pconfig_view__",)

    def __init__(self, view: View) -> None:
        _set(self, "__pconfig_view__", view)

    def __getattr__(self, name: str) -> Any:
        view = _view_of(self)
        if name.startswith("__"):
            raise AttributeError(name)
        if name == "config" and name not in schema_of(view.node.config_class).fields:
            return finished(view, user_call_site())
        return _read(view, name)

    def __setattr__(self, name: str, value: Any) -> None:
        _assign(_view_of(self), name, value, user_call_site())

    def __delattr__(self, name: str) -> None:
        raise EditError([f"{name} cannot be deleted: a view takes values to set, and no others"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        if kind is None:
            finished(_view_of(self), user_call_site())

    def __dir__(self) -> list[str]:
        return [*schema_of(_view_of(self).node.config_class).fields, "config"]

    def __repr__(self) -> str:
        view = _view_of(self)
        at = f" at {view.node.path}" if view.node.path else ""
        return f"<psetter view of {view.node.config_class.__name__}{at}>"


class Items:
    """A list, tuple or dict with configs in it, on a view: items are entered and set."""

    __slots__ = ("_view",)

    def __init__(self, view: View) -> None:
        self._view = view

    def __getitem__(self, key: Any) -> Any:
        return _item(self._view, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        _assign_item(self._view, key, value, user_call_site())

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        raise AttributeError(f"the view of {self._view.node.path} has no {name}{self._whole()}")

    def __iadd__(self, more: object) -> NoReturn:
        raise EditError([f"the view of {self._view.node.path} cannot be extended{self._whole()}"])

    def _whole(self) -> str:
        path = self._view.node.path
        old = f"config.{path}"
        whole = f"{{**{old}, ...}}" if isinstance(self._view.node.old, dict) else f"[*{old}, ...]"
        return f"\n    set it as a whole: view.{path} = {whole}"

    def __len__(self) -> int:
        return len(self._view.node.old)

    def __iter__(self) -> Iterator[Any]:
        old = self._view.node.old
        return iter(old) if isinstance(old, dict) else (self[i] for i in range(len(old)))

    def __contains__(self, item: object) -> bool:
        return item in self._view.node.old

    def keys(self) -> Any:
        """Return the keys of a dict."""
        return self._view.node.old.keys()

    def values(self) -> list[Any]:
        """Return the values of a dict, ready to be entered."""
        return [self[key] for key in self._view.node.old]

    def items(self) -> list[tuple[Any, Any]]:
        """Return keys and values of a dict."""
        return [(key, self[key]) for key in self._view.node.old]

    def __repr__(self) -> str:
        return f"<psetter view of {self._view.node.path}>"


def psetter(
    config: Any = None, /, *, type: Any = None, inputs: Any = None, construct: Any = None
) -> Any:
    """Set nested values of a config by attribute, and build the new config.

    `with psetter(base) as ps: ps.model.width = 8` and then `ps.config`; or
    `view = psetter(type=TrainerConfig, inputs=base)`, and then `psetter(construct=view)`.

    Args:
        config: What the new config is based on.
        type: The class of the new config.
        inputs: What it is based on; the class's default without.
        construct: A view: the config with all that was set on it.

    Raises:
        SetterUseError: Called otherwise.
        EditError: `inputs` is not a config that `type` can be based on.
    """
    given = [config is not None, type is not None, inputs is not None, construct is not None]
    if given == [False, False, False, True]:
        if not isinstance(construct, Setter):
            raise SetterUseError(f"construct takes a view, but got {construct!r}")
        return finished(_view_of(construct), user_call_site())
    if given[0] and is_config_class(config):
        raise SetterUseError(
            f"it takes a config, got the class {class_name(config)}",
            f"begin with its default: psetter(type={config.__name__})",
        )
    if given == [True, False, False, False]:
        if not is_config(config):
            raise SetterUseError(f"it takes a config, got {given_words(config)}")
        type, inputs = config.__class__, config
    elif given[0] or given[3] or not given[1]:
        problem = "these arguments do not go together" if any(given) else "nothing was given"
        raise SetterUseError(problem)
    if not is_config_class(type):
        raise SetterUseError(f"{type!r} is not a config class")
    return Setter(_begun(type, inputs))


def _begun(cls: type, inputs: Any) -> View:
    if inputs is None:
        return View(Node(ABSENT, ROOT, cls), is_chosen=False)
    if isinstance(inputs, cls):
        return View(Node(inputs, ROOT), is_chosen=True)
    if is_config(inputs) and issubclass(cls, schema_of(inputs).cls):
        return View(Node(inputs, ROOT, cls), is_chosen=True)
    what = inputs.__class__.__name__
    raise EditError(
        [
            f"{cls.__name__} cannot be based on inputs of {what}, which is neither its class"
            " nor an ancestor"
        ]
    )


def finished(view: View, call: Call) -> Any:
    """Return the config at a view, with all that is set there; built once."""
    if view.kept is UNCHANGED or view.around is not None:
        view.kept = built(view.node, call)
    return view.kept


def _view_of(setter: Setter) -> View:
    view: View = object.__getattribute__(setter, "__pconfig_view__")
    return view


def _first_set(node: Node | None) -> Path | None:
    """Return the first place in a node where something is set."""
    pending = [] if node is None else [node]
    for current in pending:
        if current.new is not UNCHANGED:
            return current.path
        pending.extend(current.children.values())
    return None


def _field(view: View, name: str) -> Field:
    cls = view.node.config_class
    fields = schema_of(cls).fields
    if name not in fields:
        raise NoSuchFieldError(cls, name, str(view.node.path), list(fields))
    return fields[name]


def _input(node: Node, field: Field) -> Any:
    """Return what was given for a field so far, or its default, or NOT_GIVEN."""
    if node.old is ABSENT or node.made is not None:
        bases = () if node.old is ABSENT else (node.old,)
        return inherited_input(field, (*bases, *fallback_of(schema_of(node.made))))[0]
    if field.property is None:
        return getattr(node.old, field.name)
    return raw_inputs(node.old).get(field.name, NOT_GIVEN)


def _read(view: View, name: str) -> Any:
    """Return a field of a view: the view of a part, what was set, or the value so far."""
    field = _field(view, name)
    child = view.node.children.get(name)
    if child is not None and child.new is not UNCHANGED:
        return child.new.value if type(child.new) is Pin else child.new
    old = _input(view.node, field) if child is None else child.old
    locked = f"{name} is pinned; {pin_words(view.node.config_class, field)}" if field.pinned else ""
    if old is NOT_GIVEN and field.property is not None and view.node.old is not ABSENT:
        old = getattr(view.node.old, name)
        locked = locked or f"{name} is made by its property, of nothing that was given"
    holds_configs = not field.validator.never_holds_configs
    if isinstance(old, (list, tuple, dict)) and holds_configs:
        return Items(view.inner(name, old, name, locked=locked))
    is_part = is_config(old)
    is_left_out = old is NOT_GIVEN or old is ABSENT or old is Omitted or is_deferred(old)
    if is_part or is_left_out or (holds_configs and not old):
        is_known = is_part and view.is_chosen
        classes = config_classes(field.validator) if holds_configs and not is_known else []
        if len(classes) > 1:
            raise _ambiguous(view, name, classes)
        if is_part:
            return Setter(view.inner(name, old, name, locked=locked))
        if classes:
            return Setter(view.inner(name, ABSENT, name, classes[0], locked))
    if field.property is not None and view.node.old is not ABSENT:
        return getattr(view.node.old, name)
    return Pinned if old is NOT_GIVEN else old


def _ambiguous(view: View, name: str, classes: list[type]) -> EditError:
    names = " or ".join(cls.__name__ for cls in classes)
    path = Path(view.node.path, name)
    return EditError(
        [f"{path} cannot be entered: it may be {names}"],
        f"set it as a whole first, or give inputs=: {name} = {classes[0].__name__}(...)",
    )


def config_classes(check: Validator) -> list[type]:
    """Return the config classes that a check lets through, as far as its hint names them."""
    found = [check]
    for current in found:
        found.extend(getattr(current, "members", ()))
    classes = [getattr(current, "cls", None) for current in found]
    return [cls for cls in classes if is_config_class(cls)]


def _assign(view: View, name: str, value: Any, call: Call) -> None:
    field = _field(view, name)
    schema = schema_of(view.node.config_class)
    if isinstance(value, (Setter, Items)):
        raise EditError(
            [f"{Path(view.node.path, name)} takes a value, but was given {value!r}"],
            "read a value from the config itself, or set what is inside",
        )
    _check(schema.cls, field, value, call)
    old = view.node.children[name].old if name in view.node.children else ABSENT
    view.put(name, name, old, value, call)


def _check(cls: type, field: Field, value: Any, call: Call) -> None:
    """Refuse a value that the field could not be built with."""
    # As the keyword of a call would be, with the statement as its place.
    code: Any = StatementLocations(place_of(*call), {field.name: call})
    made = Construction(schema_of(cls), code, call[1], {field.name: value}, (), ())
    given_input(made, field, value)
    if made.problems:
        raise build_error(cls, place_of(*call), made.problems)


def _item(view: View, key: Any) -> Any:
    step, key = _step(view, key)
    child = view.node.children.get(key)
    if child is not None and child.new is not UNCHANGED:
        return child.new
    old = view.node.old[key]
    if is_config(old) or isinstance(old, (list, tuple, dict)):
        inner = view.inner(key, old, step)
        return Setter(inner) if is_config(old) else Items(inner)
    return old


def _assign_item(view: View, key: Any, value: Any, call: Call) -> None:
    step, key = _step(view, key)
    cls = view.around.node.config_class if view.around is not None else None
    if cls is not None:
        old = view.node.old
        whole: Any = {**old, key: value} if isinstance(old, dict) else [*old]
        if not isinstance(old, dict):
            whole[key] = value
            whole = like(old, whole)
        _check(cls, schema_of(cls).fields[view.key], whole, call)
    view.put(key, step, view.node.old[key], value, call)


def _step(view: View, key: Any) -> tuple[Item, Any]:
    """Return the step into a container that a key means, and the key as the container has it."""
    old, step = view.node.old, Item(key)
    step_into(old, step, view.node.path, view.root.node.old, Path(view.node.path, step))
    if isinstance(old, dict):
        return step, find_key(old, key)
    return step, key + len(old) if key < 0 else key
