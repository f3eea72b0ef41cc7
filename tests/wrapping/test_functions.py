"""Functions of one's own as configs."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest

from pconfigs import NoEffect, PCallable, Pinned, pconfig, pdefaults, pdiff
from pconfigs.errors import BuildTypeError, BuildValueError, CallError, DeclarationError


@pconfig
def embed_tokens(tokens: list[int], *, dtype: str = "float32", scale: float = 1.0):
    """Tokens, embedded."""
    return [f"{dtype}:{token * scale:g}" for token in tokens]


@pconfig
def norm(x: list[str], *, eps=1e-6):
    return [f"{word}/{eps:g}" for word in x]


@pconfig
def llama(
    tokens: list[int],
    /,
    *,
    embed: embed_tokens = embed_tokens(),
    norms: list[norm] = [norm(), norm(eps=1e-5)],
    act: Callable[[str], str] = str.upper,
    layers: int = 2,
):
    x = embed(tokens)
    for one in norms:
        x = one(x)
    return [act(word) * layers for word in x]


base = llama(layers=1)


def test_its_name_is_a_class_of_configs_that_are_called():
    config = embed_tokens(dtype="bfloat16")
    assert isinstance(embed_tokens, type)
    assert isinstance(config, PCallable)
    assert config([1]) == config(tokens=[1]) == ["bfloat16:1"]
    assert config.construct() is config
    assert embed_tokens.__doc__ == "Tokens, embedded."
    assert embed_tokens.__name__ == "embed_tokens"


def test_functions_compose_as_configs_do():
    variant = llama(base, embed=embed_tokens(dtype="bfloat16"))
    assert base([1]) == ["FLOAT32:1/1E-06/1E-05"]
    assert variant([1]) == ["BFLOAT16:1/1E-06/1E-05"]
    assert str(pdiff(base, variant)).strip() == "embed.dtype: 'float32' -> 'bfloat16'"
    assert pickle.loads(pickle.dumps(variant)) == variant
    assert len({base, variant, llama(layers=1)}) == 2


def test_the_printed_code_rebuilds_it():
    config = llama(base, embed=embed_tokens(scale=2.0), act=str.lower)
    names = {"llama": llama, "embed_tokens": embed_tokens, "norm": norm, "builtins": __builtins__}
    text = str(config)
    assert text.startswith("llama(\n    embed=embed_tokens(\n")
    assert eval(text.replace("builtins.str", "str"), names) == config


def test_a_parameter_that_is_configured_is_not_given_again():
    with pytest.raises(CallError, match="layers is configured already, as 1"):
        base([1], layers=3)
    with pytest.raises(CallError, match="tokens is missing"):
        base()


def test_calling_the_class_makes_a_config_and_reports_it():
    with pytest.raises(BuildTypeError, match=r"make a config first: llama\(\)\(...\)"):
        llama([1])


def test_types_are_checked():
    with pytest.raises(BuildTypeError, match=r"llama.embed must be embed_tokens"):
        llama(embed=norm())
    with pytest.raises(BuildTypeError, match="norm.eps must be float"):
        norm(eps="small")


def test_a_default_replaces_that_of_the_signature_once():
    @pconfig
    def local(x, y: int = 1, z: LocalType = None):
        return x, y, z

    class LocalType:
        pass

    globals()["pdefaults"] += local(y=5)
    assert local()(1) == (1, 5, None)
    assert type(local(z=LocalType())(1)[2]) is LocalType


def test_markers_of_parameters_mean_what_they_mean_on_fields():
    @pconfig
    def marked(x, *, size: Pinned[int] = 3, log: NoEffect[bool] = False):
        return x, size, log

    assert marked(log=True)(1) == (1, 3, True)
    with pytest.raises(BuildValueError):
        marked(size=4)


def test_stars_belong_to_the_call():
    @pconfig
    def starred(*args, scale: float = 1.0, **kwargs):
        return args, scale, kwargs

    assert starred(scale=2.0)(1, 2, k=3) == ((1, 2), 2.0, {"k": 3})


@pytest.mark.parametrize("wrong", [lambda x=1: x, len, 3, staticmethod(len), print])
def test_only_a_function_with_a_name_can_be_configured(wrong):
    with pytest.raises(DeclarationError, match="@pconfig goes on"):
        pconfig(wrong)


def test_arguments_of_the_decorator_need_a_class():
    with pytest.raises(DeclarationError, match="goes on a class"):

        @pconfig(calls=len)
        def function():
            pass


pdefaults  # the name is used through globals(): `pdefaults += …` in a function would be local
