"""Data: a config as dicts, lists, texts, numbers, booleans and None, and nothing else.

Where the type of a field decides, a value is written plainly: `lr: 0.001`, `root: data/digits`,
`betas: [0.9, 0.95]` for a tuple. Where it does not, a mapping with one key that begins with `$`
says what it is: `{"$tuple": [0.9, 0.95]}`. A config is a mapping of its fields; beside them stand

    $type      its class, where the field alone does not say it, and at the top
    $version   the version of its class, where that has one
    $given     the fields that are not at the class's default, where it has one
    $computed  values that properties made of inputs other than them
    $same      in place of the rest: the path of the config that is here again
"""

from __future__ import annotations

from pconfigs.annotations.kinds import is_a, kind_of
from pconfigs.errors.serialization import Unsavable, UnsavableError
from pconfigs.markers import Marker, Pinned, Secret
from pconfigs.schema.build_record import raw_inputs
from pconfigs.schema.class_schema import schema_of
from pconfigs.schema.equality import same_value
from pconfigs.schema.format_history import history_of
from pconfigs.schema.inheritance import ABSENT, fallback_of, inherited_input
from pconfigs.serialization.plain_forms import ANY, NAME, PlainForms, is_absence, plain_forms_of
from pconfigs.serialization.quick_writing import Unsuitable, quick_writer
from pconfigs.serialization.scalar_codecs import enum_text, is_enum, qualified_name, scalar_codec_of
from pconfigs.tree.paths import ROOT, Path
from pconfigs.validation.frozen import FrozenDict, FrozenList, FrozenSet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.schema.fields import Field
    from pconfigs.validation.factory import Validator

TYPE, VERSION, GIVEN, COMPUTED, SAME = "$type", "$version", "$given", "$computed", "$same"
DICT, LIST, TUPLE, SET, FROZEN = "$dict", "$list", "$tuple", "$set", "$frozenset"
FLOAT, ENUM, OBJECT, MARKER, PIN, UNSAVED = (
    "$float", "$enum", "$name", "$marker", "$pin", "$unsaved",
)  # fmt: skip
_KINDS = {
    list: list, FrozenList: list, tuple: tuple, set: set, FrozenSet: set, frozenset: frozenset,
}  # fmt: skip
LIST_TAGS: dict[type, str] = {list: LIST, tuple: TUPLE, set: SET, frozenset: FROZEN}
_DICTS = (dict, FrozenDict)
_PLAIN = frozenset((int, bool, str, type(None)))
_FUNCTIONS: frozenset[type] = frozenset(map(kind_of, (len, PlainForms.item, "".join)))


def pdump(config: Any, /, *, to: str = "plain") -> Any:
    """A config as plain data: `pload(pdump(config), type(config))` is equal to it.

    Args:
        config: What to write down.
        to: `"plain"` for dicts, lists and scalars; `"omegaconf"` for a DictConfig; `"argparse"` for
            a Namespace with dotted names.

    Raises:
        UnsavableError: Values without a plain form; all of them are named.
        MissingExtraError: What is asked for needs a package that is not installed.
    """
    if not hasattr(kind_of(config), "__pconfig_schema__"):
        raise TypeError(f"pdump takes a config, but got {type(config).__qualname__}")
    if to == "plain":
        return plain(config)
    if to == "omegaconf":
        from pconfigs.serialization.formats.omegaconf_format import to_omegaconf

        return to_omegaconf(plain(config))
    if to == "argparse":
        from pconfigs.serialization.formats.namespace import to_namespace

        return to_namespace(plain(config))
    raise ValueError(f"pdump writes to 'plain', 'omegaconf' or 'argparse', not to {to!r}")


def plain(config: Any) -> dict[str, Any]:
    """The plain data of a config, its class at the top."""
    name = qualified_name(type(config))
    try:
        found = quick_writer(kind_of(config))(config, set())
    except (Unsuitable, RecursionError):
        written: dict[str, Any] = Writer(config).run()
        return written
    return {TYPE: name, **found}


class Writer:
    """Writes one config, whatever is in it. A loop, so that depth is limited by memory alone.

    Attributes:
        problems: Values without a plain form.
    """

    def __init__(self, config: Any) -> None:
        self.config = config
        self.problems: list[Unsavable] = []
        # What is still to be written: value, its check, its path, where it goes, whether code made
        # it.
        self._pending: list[tuple[Any, Validator, Path, Any, Any, bool]] = []
        self._seen: dict[int, Any] = {}
        self._again: list[tuple[dict[str, Any], int]] = []
        self._sets: list[list[Any]] = []
        self._kept: list[Any] = []

    def run(self, validator: Validator = ANY, made: bool = False) -> Any:
        """The plain data, as it is written under a check.

        Raises:
            UnsavableError: There are problems.
        """
        top: list[Any] = [None]
        self._pending.append((self.config, validator, ROOT, top, 0, made))
        while self._pending:
            value, validator, path, target, key, made = self._pending.pop()
            target[key] = self._one(value, plain_forms_of(validator), path, made)
        if self.problems:
            raise UnsavableError(kind_of(self.config), self.problems)
        for items in reversed(self._sets):
            items.sort(key=_order)
        if self._again:
            self._name_repeated(top[0])
        return top[0]

    def _name_repeated(self, top: Any) -> None:
        """Tell the paths of what is there more than once."""
        wanted = {id(self._seen[key]) for _, key in self._again}
        paths: dict[int, str] = {}
        pending: list[tuple[Any, Path]] = [(top, ROOT)]
        while pending:
            value, path = pending.pop()
            if id(value) in wanted:
                paths[id(value)] = str(path)
            if kind_of(value) is dict:
                pending.extend(
                    (v, step_to(path, k)) for k, v in value.items() if kind_of(v) in _OPEN
                )
            else:
                pending.extend((v, path.item(i)) for i, v in enumerate(value) if type(v) in _OPEN)
        for note, key in self._again:
            note[SAME] = paths[id(self._seen[key])]

    def _one(self, value: Any, options: PlainForms, path: Path, made: bool) -> Any:
        """The plain form of a value, in which what is inside is still to come."""
        kind = kind_of(value)
        if kind in _PLAIN:
            return value
        if kind is float:
            if value - value == 0.0:
                return value
            return repr(value) if options.special else {FLOAT: repr(value)}
        if hasattr(kind, "__pconfig_schema__"):
            return self._config(value, options, path, made)
        if kind in _KINDS:
            return self._list(value, _KINDS[kind], options, path, made)
        if kind in _DICTS:
            return self._dict(value, options, path, made)
        try:
            return self._word(value, kind, options, path, made)
        except ValueError as error:
            return self._refuse(value, path, made, str(error))

    def _refuse(self, value: Any, path: Path, made: bool, reason: str, advice: str = "") -> Any:
        """What stands for a value without a plain form: nothing, if it is no computed one."""
        kind = kind_of(value)
        name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
        if made:
            return {UNSAVED: name}
        self.problems.append(Unsavable(str(path), name, reason, advice or _advice(value)))
        return None

    def _word(self, value: Any, kind: type, options: PlainForms, path: Path, made: bool) -> Any:
        """The plain form of what is written as text; a ValueError says why there is none."""
        leaf = scalar_codec_of(kind)
        if leaf is not None:
            text = leaf.write(value)
            direct = isinstance(options.word, type) and scalar_codec_of(options.word) is leaf
            return text if direct else {f"${leaf.tag}": text}
        if is_enum(kind):
            text = enum_text(value)
            return text if options.word is kind else {ENUM: f"{qualified_name(kind)}.{text}"}
        if isinstance(value, Marker):
            return {MARKER: value.__name__}
        if is_absence(kind):
            return None if options.absent else {MARKER: "NoneConfig"}
        if isinstance(value, type) or kind in _FUNCTIONS:
            name = _importable_name(value)
            return name if options.word is NAME else {OBJECT: name}
        if is_a(value, tuple) and hasattr(kind, "_fields"):
            return self._named(value, options, path, made)
        return self._refuse(value, path, made, "its type has no plain form")

    def _named(self, value: Any, options: PlainForms, path: Path, made: bool) -> Any:
        """A named tuple: a mapping of its fields."""
        kind = kind_of(value)
        validator = options.mapping
        direct = getattr(validator, "cls", None) is kind
        members: dict[str, Validator] = getattr(validator, "members", {}) if direct else {}
        out: dict[str, Any] = {} if direct else {TYPE: qualified_name(kind)}
        out.update(dict.fromkeys(kind._fields))
        for name, item in zip(kind._fields, tuple(value)):
            self._later(item, members.get(name, ANY), path.field(name), out, name, made)
        return out

    def _later(
        self, value: Any, validator: Validator, path: Path, out: Any, key: Any, made: bool = False
    ) -> None:
        self._pending.append((value, validator, path, out, key, made))

    def _list(self, value: Any, kind: type, options: PlainForms, path: Path, made: bool) -> Any:
        items = list(value)
        out: list[Any] = [None] * len(items)
        for index in range(len(items) - 1, -1, -1):
            validator = options.item(kind, index, len(items))
            self._later(items[index], validator, path.item(index), out, index, made)
        if kind is set or kind is frozenset:
            self._sets.append(out)
        return out if options.list is kind else {LIST_TAGS[kind]: out}

    def _dict(self, value: Any, options: PlainForms, path: Path, made: bool) -> Any:
        validator = options.mapping
        members: dict[str, Validator] = getattr(validator, "members", {})
        key_check, item_check = options.entry()
        keys = plain_keys(value, key_check)
        if keys is not None and (validator is dict or hasattr(validator, "key") or members):
            out: dict[str, Any] = dict.fromkeys(keys)
            for key, (raw, item) in reversed([*zip(keys, value.items())]):
                inside = members.get(key, item_check)
                self._later(item, inside, path.item(raw), out, key, made)
            return out
        pairs: list[list[Any]] = [[None, None] for _ in value]
        for pair, (key, item) in reversed([*zip(pairs, value.items())]):
            inside = members.get(key, item_check) if isinstance(key, str) else item_check
            self._later(item, inside, path.item(key), pair, 1, made)
            self._later(key, key_check, path.item(key), pair, 0, made)
        return {DICT: pairs}

    def _config(self, config: Any, options: PlainForms, path: Path, made: bool) -> Any:
        known = id(config)
        if known in self._seen:
            first = self._seen[known]
            if TYPE not in first:
                # Whoever reads `$same` may meet it before the config itself.
                inside = dict(first)
                first.clear()
                first.update({TYPE: qualified_name(type(config)), **inside})
            again: dict[str, Any] = {SAME: None}
            self._again.append((again, known))
            return again
        cls = kind_of(config)
        decided = len(options.configs) == 1 and options.mapping is cls and not options.any
        out: dict[str, Any] = {} if decided else {TYPE: qualified_name(cls)}
        self._seen[known] = out
        schema = schema_of(config)
        version = history_of(schema).version
        if version != 1:
            out[VERSION] = version
        given = given_names(config)
        if given is not None:
            out[GIVEN] = given
        out.update(dict.fromkeys(schema.fields))
        computed: dict[str, Any] = {}
        tasks: list[tuple[Any, Validator, Path, Any, Any, bool]] = []
        for field in schema.fields.values():
            tasks += self._field(config, field, path.field(field.name), out, computed, made)
        if computed:
            out[COMPUTED] = computed
        self._pending += reversed(tasks)
        return out

    def _field(
        self, config: Any, field: Field, path: Path, out: Any, computed: Any, made: bool
    ) -> list[tuple[Any, Validator, Path, Any, Any, bool]]:
        """What is to be written for one field: its input, and its value where that is another."""
        name, validator = field.name, field.validator
        if Secret in field.markers:
            out[name] = {MARKER: "Secret"}
            return []
        value = getattr(config, name)
        if not field.derived and not field.pinned:
            return [(value, validator, path, out, name, made)]
        raw = value if not field.derived else raw_inputs(config).get(name, ABSENT)
        if field.pinned:
            if raw is ABSENT or _is_default(config, field, raw):
                return [(value, validator, path, out, name, True)]
            pin: dict[str, Any] = {PIN: None}
            out[name] = pin
            tasks = [(raw, validator, path, pin, PIN, made)]
        else:
            tasks = [(raw if raw is not ABSENT else value, validator, path, out, name, made)]
        if field.derived and not (raw is value or same_value(raw, value)):
            computed[name] = None
            tasks.append((value, validator, path, computed, name, True))
        return tasks


def _is_default(config: Any, field: Field, raw: Any) -> bool:
    """Whether the pin of a field is that of the class's default."""
    default = inherited_input(field, fallback_of(schema_of(config)))[0]
    return default is raw or (default is not ABSENT and same_value(default, raw))


def given_names(config: Any) -> list[str] | None:
    """The fields that are not at the default of the class; None where it has none."""
    schema = schema_of(config)
    defaults = fallback_of(schema)
    if not defaults:
        return None
    raws = raw_inputs(config)
    names: list[str] = []
    for name, field in schema.fields.items():
        if field.pinned or Secret in field.markers:
            continue
        value = raws.get(name, Pinned) if field.derived else getattr(config, name)
        default = inherited_input(field, defaults)[0]
        if default is ABSENT or not (default is value or same_value(default, value)):
            names.append(name)
    return names


def plain_keys(value: Any, validator: Validator) -> list[str] | None:
    """The keys of a dict as texts, or None where texts do not tell them."""
    options = plain_forms_of(validator)
    keys: list[str] = []
    if options.any or str in options.scalars:
        for key in value:
            if type(key) is not str or key[:1] == "$":
                return None
            keys.append(key)
        return keys
    if options.scalars == {int} and not options.words:
        for key in value:
            if type(key) is not int:
                return None
            keys.append(str(key))
        return keys
    if not options.scalars and isinstance(options.word, type):
        for key in value:
            if type(key) is not options.word or not is_enum(type(key)):
                return None
            keys.append(enum_text(key))
        return keys if len(set(keys)) == len(keys) and not any(k[:1] == "$" for k in keys) else None
    return None


_OPEN = (dict, list)


def step_to(path: Path, key: str) -> Path:
    """The path of what a mapping of plain data has under a key."""
    return path.field(key) if key.isidentifier() else path.item(key)


def _order(item: Any) -> Any:
    """What plain items of a set are sorted by."""
    if isinstance(item, (int, float)):
        return (0, item, "")
    from json import dumps

    return (1, 0, item if isinstance(item, str) else dumps(item, sort_keys=True))


def _importable_name(value: Any) -> str:
    """The dotted name of a class or function; a ValueError says why there is none."""
    from pconfigs.imports import dotted_name

    name = getattr(value, "__qualname__", "")
    if "<lambda>" in name:
        raise ValueError("a lambda has no name to find it by")
    if "<locals>" in name:
        raise ValueError("it is local to a function, where nobody can find it again")
    found = dotted_name(value)
    if found is None:
        raise ValueError("no module has it under its own name")
    return found


def _advice(value: Any) -> str:
    kind = kind_of(value)
    if kind in _FUNCTIONS or isinstance(value, type):
        return "define it at the top of a module"
    if kind.__module__ == "numpy":
        return "hold what .tolist() or .item() makes of it"
    if is_a(value, (str, int, float, list, dict, set)):
        return (
            f"hold a plain {next(t for t in kind.__mro__ if t.__module__ == 'builtins').__name__}"
        )
    return "make its class a config class, or hold what it is made from"
