"""How a channel's own settings look to the person who edits them: words, help, choices and secrets, said beside each field.

Neighbours: a channel's `Settings` is written with `setting`; the desk's one generic page reads it with `settings_of`.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from django.utils.functional import Promise

KEY: Final = "gensvar.setting"
KINDS: Final = (bool, int, float, str)


class BadSetting(ValueError):
    """A setting cannot be what it was set to. `field` names it, so that the page says so beside it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Setting:
    """One field of a channel's settings, as a page shows it. Words may be lazy, so that each reader has their own language."""

    name: str
    kind: type  # one of KINDS
    default: Any = None
    label: str | Promise = ""
    help: str | Promise = ""
    choices: tuple[tuple[Any, str | Promise], ...] = ()  # value and words; empty: anything of the kind
    secret: bool = False  # sealed where it is stored, never shown again, never in a log
    optional: bool = False  # None is a value of it


def setting(
    default: Any,
    *,
    label: str | Promise = "",
    help: str | Promise = "",
    choices: tuple[tuple[Any, str | Promise], ...] = (),
    secret: bool = False,
) -> Any:
    """A field of a `Settings` dataclass with the words that its page needs; a bare default does too, and shows its name.

    Give `gettext_lazy` texts. A secret stays out of the dataclass's repr. Its kind is the annotation: str, int, float,
    bool, a Literal of these, or one of them with `| None`.
    """
    words = {"label": label, "help": help, "choices": tuple(choices), "secret": secret}
    return dataclasses.field(default=default, repr=not secret, metadata={KEY: words})


def settings_of(settings: type[Any]) -> list[Setting]:
    """The fields of a `Settings` dataclass in their order. Raises TypeError for a kind that no page can show."""
    hints = typing.get_type_hints(settings)
    return [_setting(field, hints[field.name]) for field in dataclasses.fields(settings) if field.init]


def _setting(field: dataclasses.Field[Any], hint: Any) -> Setting:
    words = dict(field.metadata.get(KEY, {}))
    kind, optional, listed = _kind(field.name, hint)
    default = field.default if field.default is not dataclasses.MISSING else None
    words["label"] = words.get("label") or field.name.replace("_", " ")
    words["choices"] = words.get("choices") or listed
    return Setting(name=field.name, kind=kind, default=default, optional=optional, **words)


def _kind(name: str, hint: Any) -> tuple[type, bool, tuple[tuple[Any, str], ...]]:
    """The plain kind behind an annotation, whether None is allowed, and the values of a Literal."""
    optional = False
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        rest = [one for one in typing.get_args(hint) if one is not type(None)]
        optional = len(rest) < len(typing.get_args(hint))
        hint = rest[0] if len(rest) == 1 else hint
    values = typing.get_args(hint) if typing.get_origin(hint) is Literal else ()
    kind = type(values[0]) if values else hint
    if kind not in KINDS or any(type(value) is not kind for value in values):
        raise TypeError(
            f"The setting “{name}” is neither str, int, float, bool nor a Literal of one of them."
        )
    return kind, optional, tuple((value, str(value)) for value in values)
