"""Annotations are read as written, and resolved when they are needed."""

from __future__ import annotations

import gc
import sys
import textwrap
import types
import weakref
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, Optional, TypeVar, Union

import pytest

from pconfigs.annotations.resolve import bindings_of, declare, resolve, resolve_all, resolve_return
from pconfigs.errors.declare import DeclarationError, UnknownNameError
from pconfigs.markers import NoEffect, Pinned, Secret
from pconfigs.schema.properties import pproperty

if TYPE_CHECKING:
    import elsewhere.deep
    from elsewhere import Absent, Other as Renamed

T = TypeVar("T")


class Plain:
    class Nested:
        pass

    number: int
    later: Later | None
    nested: list[Nested]
    itself: Plain
    quoted: "list['Later']"
    date: Pinned[date]

    @property
    def date(self): ...


class Later:
    pass


def test_forward_references_are_resolved():
    hints = {name: found.hint for name, found in resolve_all(Plain).items()}
    assert hints["number"] is int
    assert hints["later"] == Optional[Later]
    assert hints["nested"] == list[Plain.Nested]
    assert hints["itself"] is Plain
    assert hints["quoted"] == list[Later]


def test_a_property_does_not_hide_the_type_of_the_same_name():
    found = resolve_all(Plain)["date"]
    assert found.hint is date
    assert found.markers == {Pinned}


def test_declaring_evaluates_nothing():
    class Config:
        x: explode()  # noqa: F821
        y: ClassVar[explode()]  # noqa: F821

    declared = declare(Config, sys._getframe())
    assert list(declared.names) == ["x", "y"]
    assert declared.class_vars == {"y"}


class Worded:
    pinned: Pinned[int]
    both: NoEffect[Pinned[list[float]]]
    bare: Pinned
    ruled: Annotated[Pinned[int], "rule"]
    inside: Pinned[Annotated[int, "rule"]]
    secret: Secret[str]
    shared: ClassVar[int]
    ruled_shared: Annotated[ClassVar[int], "rule"]


def test_markers_are_parted_from_types():
    found = resolve_all(Worded)
    assert (found["pinned"].hint, found["pinned"].markers) == (int, {Pinned})
    assert (found["both"].hint, found["both"].markers) == (list[float], {Pinned, NoEffect})
    assert found["bare"].markers == {Pinned}
    assert (found["ruled"].hint, found["ruled"].markers) == (Annotated[int, "rule"], {Pinned})
    assert (found["inside"].hint, found["inside"].markers) == (Annotated[int, "rule"], {Pinned})
    assert found["secret"].markers == {Secret}


def test_class_variables_are_known_before_anything_is_resolved():
    assert declare(Worded).class_vars == {"shared", "ruled_shared"}
    assert resolve_all(Worded)["shared"].class_var


class ForCheckers:
    known: int
    absent: Pinned[Absent]
    renamed: list[Renamed] | None
    deep: NoEffect[Pinned[elsewhere.deep.Thing[int]]]
    quoted: Pinned["Absent"]


def test_names_for_type_checkers_leave_their_field_with_its_text():
    found = resolve_all(ForCheckers)
    assert found["known"].hint is int
    assert (found["absent"].hint, found["absent"].markers) == ("Absent", {Pinned})
    assert found["renamed"].hint == "list[Renamed] | None"
    assert found["deep"].hint == "elsewhere.deep.Thing[int]"
    assert found["deep"].markers == {Pinned, NoEffect}
    assert (found["quoted"].hint, found["quoted"].markers) == ("Absent", {Pinned})


class Misspelt:
    fine: int
    wrong: Pinned[list[Latr]]  # noqa: F821


def test_a_name_that_no_user_defines_is_a_name_error():
    assert resolve(Misspelt, "fine").hint is int
    with pytest.raises(NameError) as caught:
        resolve(Misspelt, "wrong")
    assert isinstance(caught.value, UnknownNameError)
    for fact in ("Misspelt.wrong", "Latr", "did you mean Later?"):
        assert fact in str(caught.value)
    assert caught.value.name == "Latr"


Tree = Union[int, "list[Tree | Wrong]"]  # noqa: F821


class Recursive:
    wrong: Tree


def test_an_undefined_name_in_a_type_that_names_itself_is_a_name_error():
    with pytest.raises(UnknownNameError) as caught:
        resolve(Recursive, "wrong")
    assert caught.value.name == "Wrong"


class BadAttribute:
    wrong: types.FunctionTyp
    late: Absent.anything


def test_an_attribute_that_does_not_exist_is_a_name_error():
    with pytest.raises(UnknownNameError, match="did you mean FunctionType?"):
        resolve(BadAttribute, "wrong")
    assert resolve(BadAttribute, "late").hint == "Absent.anything"


class NotPython:
    wrong: "list["  # noqa: F722


def test_an_annotation_that_is_not_python_is_refused():
    with pytest.raises(DeclarationError, match=r"NotPython\.wrong"):
        resolve(NotPython, "wrong")


def test_many_fields_are_resolved_in_a_moment():
    """Each field costs the same, however many there are: none looks through all the others."""
    many = type("Many", (), {"__annotations__": {f"x{i}": "list[int]" for i in range(3000)}})
    assert len(resolve_all(many)) == 3000


def test_a_name_may_be_defined_after_a_first_failure():
    class Config:
        x: Appearing  # noqa: F821

    declared = declare(Config, sys._getframe())
    with pytest.raises(NameError):
        resolve(Config, "x", declared)

    class Appearing:
        pass

    assert resolve(Config, "x", declared).hint is Appearing


def _local_class():
    class Outer:
        pass

    def inner():
        class Mine:
            pass

        class Config:
            outer: Outer
            mine: Pinned[list[Mine]]
            later: After
            itself: Config

            @pproperty
            def computed(self) -> Mine: ...

        declared = declare(Config, sys._getframe())

        class After:
            pass

        return Config, declared, weakref.ref(Mine)

    return inner()


def test_local_classes_see_the_functions_around_them():
    config, declared, _ = _local_class()
    assert resolve(config, "outer", declared).hint.__name__ == "Outer"
    assert resolve(config, "mine", declared).hint.__args__[0].__name__ == "Mine"
    assert resolve(config, "later", declared).hint.__name__ == "After"
    assert resolve(config, "itself", declared).hint is config


def test_frames_are_let_go_once_everything_is_resolved():
    config, declared, _ = _local_class()
    config.__pconfig_schema__ = types.SimpleNamespace(declared=declared)
    for name in declared.names:
        resolve(config, name, declared)
    assert declared.scope.frames
    assert resolve_return(config.__dict__["computed"], config).hint.__name__ == "Mine"
    assert declared.scope.frames == ()


def test_local_classes_can_be_collected():
    config, declared, seen = _local_class()
    for name in declared.names:
        resolve(config, name, declared)
    del config, declared
    gc.collect()
    assert seen() is None


def test_a_decorator_of_another_module_does_not_hide_the_scope():
    """The frame handed over may be that of a helper; the class statement runs in a caller of it."""
    helper = types.ModuleType("helper")
    exec("def helper(declare, cls, frame): return declare(cls, frame())", vars(helper))

    class Mine:
        pass

    class Config:
        x: Mine
        y: Later

    declared = helper.helper(declare, Config, lambda: sys._getframe(1))
    assert resolve(Config, "x", declared).hint is Mine
    assert resolve(Config, "y", declared).hint is Later


def test_code_without_a_module_has_its_own_globals():
    namespace: dict[str, Any] = {"sys": sys, "declare": declare}
    exec(
        textwrap.dedent("""
        from __future__ import annotations
        class Other: pass
        class Config:
            x: Other
        declared = declare(Config, sys._getframe())
        """),
        namespace,
    )
    assert resolve(namespace["Config"], "x", namespace["declared"]).hint is namespace["Other"]


def test_an_inherited_field_is_resolved_where_it_is_declared(tmp_path, monkeypatch):
    (tmp_path / "parent_module.py").write_text(
        "from __future__ import annotations\nclass Hidden: pass\nclass Parent:\n    x: Hidden\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    import parent_module

    class Child(parent_module.Parent):
        y: int

    assert resolve_all(Child.__mro__[1])["x"].hint is parent_module.Hidden


class Holder(Generic[T]):
    value: T
    values: list[T]


class Between(Holder[list[T]], Generic[T]):
    pass


class Numbers(Between[int]):
    pass


def test_type_variables_are_bound_by_derived_classes():
    assert bindings_of(Numbers, Holder) == {T: list[int]}
    assert bindings_of(Holder, Holder) == {}


@pytest.mark.skipif(sys.version_info < (3, 12), reason="PEP 695 came with 3.12")
def test_type_parameters_are_names():
    namespace: dict[str, Any] = {"__name__": __name__}
    exec("from __future__ import annotations\nclass Box[V]:\n    x: list[V]\n", namespace)
    box = namespace["Box"]
    assert resolve_all(box)["x"].hint == list[box.__type_params__[0]]


def test_properties_without_annotation_are_of_their_return_type():
    class Config:
        @pproperty
        def x(self) -> list[Later]: ...

        @pproperty
        def y(self): ...

    assert resolve_return(Config.__dict__["x"], Config).hint == list[Later]
    assert resolve_return(Config.__dict__["y"], Config).hint is object


BEFORE_314 = pytest.mark.skipif(
    sys.version_info >= (3, 14), reason="the real thing is tested there"
)


def _lazy_class(annotations, **namespace):
    """A class with annotations as Python 3.14 compiles them: a function that computes them all."""
    made: dict[str, Any] = {}
    code = f"    if format > 2: raise NotImplementedError\n    return {annotations}\n"
    exec(f"def __annotate__(format, /):\n{code}", made)
    annotate = types.FunctionType(made["__annotate__"].__code__, globals(), "__annotate__")
    return types.new_class(
        "Lazy",
        (),
        {},
        lambda own: own.update(__module__=__name__, __annotate__=annotate, **namespace),
    )


@pytest.mark.skipif(
    sys.version_info >= (3, 14), reason="there the real thing is tested by all other tests"
)
def test_lazy_annotations_are_read_without_computing_them():
    lazy = _lazy_class(
        "{'a': int, 'b': Pinned[Unknown.x[1]], "
        "'c': ClassVar[explode(1 - top, x < -y)], 'd': 'Later', 'e': Later | None}"
    )
    declared = declare(lazy)
    assert list(declared.names) == ["a", "b", "c", "d", "e"]
    assert declared.class_vars == {"c"}
    assert declared.names["b"] == "Pinned[Unknown.x[1]]"
    assert declared.names["e"] == "Later | None"


@pytest.mark.skipif(
    sys.version_info >= (3, 14), reason="there the real thing is tested by all other tests"
)
def test_lazy_annotations_are_resolved_one_by_one():
    lazy = _lazy_class(
        "{'a': int, 'absent': Pinned[list[Absent]], "
        "'d': 'Later', 'e': Later | None, 'date': Pinned[date]}",
        date=property(lambda self: None),
    )
    found = resolve_all(lazy)
    assert found["a"].hint is int
    assert (found["absent"].hint, found["absent"].markers) == ("list[Absent]", {Pinned})
    assert found["d"].hint is Later
    assert found["e"].hint == Union[Later, None]
    assert found["date"].hint is date
