"""Words: the one table of what a text is as a boolean, None or number.

Environment variables, overrides and scalars of YAML without quotes are all read by it.
"""

from __future__ import annotations

import sys

from pconfigs.serialization.conversion.scalar_codecs import LONGEST_NUMBER, SPECIAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BOOLEANS = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}
"""Words of a boolean, in lower case; upper case means the same."""
CLEAR = frozenset(("true", "True", "TRUE", "false", "False", "FALSE"))
"""Those that mean a boolean also where a string or a number fits; the others are those then."""
NOTHING = frozenset(("None", "null"))
"""Words of None, where it is allowed."""
FLOATS = {
    **dict.fromkeys((".inf", "+.inf", "inf", "+inf", "infinity", "+infinity"), "inf"),
    **dict.fromkeys(("-.inf", "-inf", "-infinity"), "-inf"),
    **dict.fromkeys((".nan", "nan", "+nan", "-nan"), "nan"),
}
"""Words of floats that are no finite number, in lower case."""
# Compiled where they are used: a recorded run that reads nothing does not wait for that.
_INTEGER = r"[-+]?(0|[1-9][0-9]*(_[0-9]+)*)"
_BASED = r"[-+]?0([xX](_?[0-9a-fA-F])+|[oO](_?[0-7])+|[bB](_?[01])+)"
_OCTAL = r"[-+]?0[0-9_]+"
_DIGITS = "[0-9]+(_[0-9]+)*"
_DECIMAL = rf"[-+]?(\.{_DIGITS}|{_DIGITS}(\.({_DIGITS})?)?)([eE][-+]?{_DIGITS})?"


def boolean(text: str, clear: bool = False) -> bool | None:
    """Return the boolean that a text is, or None; `clear` where a string or number fits, too."""
    return BOOLEANS.get(text.lower()) if not clear or text in CLEAR else None


def is_octal(text: str) -> bool:
    """Return whether a text may be an octal number or not: `010`."""
    import re

    return re.fullmatch(_OCTAL, text) is not None


def number(text: str) -> int | float | None:
    """Return the finite number that a text is, or None.

    Raises:
        ValueError: It may be two numbers, or is too large or too long.
    """
    import re

    if re.fullmatch(_INTEGER, text):
        if len(text) > LONGEST_NUMBER:
            raise ValueError(f"a number must have at most {LONGEST_NUMBER} digits")
        return int(text)
    if re.fullmatch(_BASED, text):
        return int(text, 0)
    if re.fullmatch(_OCTAL, text):
        sign, digits = text[: -len(text.lstrip("+-"))], text.lstrip("+-0_") or "0"
        octal = "" if set("89") & set(digits) else f" or {sign}0o{digits[:40]}"
        raise ValueError(f"{text[:40]} may be octal or not: write {sign}{digits[:40]}{octal}")
    if re.fullmatch(_DECIMAL, text):
        return finite(text.replace("_", ""))
    return None


def finite(text: str) -> float:
    """Return the float of a decimal text.

    Raises:
        ValueError: It is larger than any float.
    """
    value = float(text)
    if value - value != 0.0 and text.strip("+-").lower() not in ("inf", "nan"):
        shown = text if len(text) < 40 else f"{text[:37]}..."
        raise ValueError(f"{shown} is larger than any float")
    return value


def special(text: str) -> float | None:
    """Return the infinite number, or NaN, that a text is, or None."""
    word = FLOATS.get(text.lower())
    return None if word is None else SPECIAL[word]


def text_of(value: Any) -> str:
    """Return the text that parses to `value`: booleans as 0 and 1, enum members by value."""
    if value is True or value is False:
        return str(int(value))
    enum = sys.modules.get("enum")
    if enum is not None and isinstance(value, enum.Enum):
        return text_of(value.value)
    return str(value)
