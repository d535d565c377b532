"""Reads the forms of a page and fills them in as a browser without scripts does, for tests of what is sent and given back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

TYPED: Final = frozenset({"text", "email", "tel", "search", "textarea"})
PRESSED: Final = frozenset({"checkbox", "radio"})


@dataclass
class Control:
    """One control of a form; `type` is an input's, or textarea, select or button."""

    name: str
    type: str
    value: str
    on: bool = True  # whether it is sent as it stands

    @property
    def typed(self) -> bool:
        """Whether one sees it and types in it."""
        return self.type in TYPED


@dataclass
class Form:
    """A form as it stands on its page."""

    action: str
    controls: list[Control] = field(default_factory=list)

    @property
    def buttons(self) -> list[Control]:
        """Those that are sent by their own name."""
        return [one for one in self.controls if one.type == "button" and one.name]

    def sent(self, button: Control | None = None) -> dict[str, list[str]]:
        """What a browser sends when it is pressed (HTML, 4.10.22.4)."""
        found: dict[str, list[str]] = {}
        for one in self.controls:
            if one.name and one.on and one.type not in {"button", "file"}:
                found.setdefault(one.name, []).append(one.value)
        if button is not None:
            found.setdefault(button.name, []).append(button.value)
        return found

    def fill(self, words: str, known: Mapping[str, str], choose: Iterable[str] = ()) -> set[str]:
        """Type into every field that is seen, and choose; gives the names of those typed in. A trap stays empty."""
        typed: set[str] = set()
        for one in self.controls:
            if one.typed and one.name != "website":
                one.value = known.get(one.name, f"{one.name}: {words}")
                typed.add(one.name)
        chosen: set[str] = {one.name for one in self.controls if one.type in PRESSED and one.on}
        for one in self.controls:
            if one.type in PRESSED and (one.name not in chosen or one.value in choose):
                one.on = True
                chosen.add(one.name)
        return typed


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._open: Control | None = None  # a textarea whose words are read
        self._select: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(said.get("action", ""))
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "input":
            kind, there = said.get("type", "text"), "checked" in said
            value = said.get("value", "on" if kind in PRESSED else "")
            self._form.controls.append(
                Control(said.get("name", ""), kind, value, kind not in PRESSED or there)
            )
        elif tag == "textarea":
            self._open = Control(said.get("name", ""), tag, "")
            self._form.controls.append(self._open)
        elif tag == "select":
            self._select = Control(said.get("name", ""), tag, "")
            self._form.controls.append(self._select)
        elif tag == "option" and self._select is not None and ("selected" in said or not self._select.value):
            self._select.value = said.get("value", "")
        elif tag == "button":
            self._form.controls.append(Control(said.get("name", ""), "button", said.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._open is not None:
            self._open.value = self._open.value.removeprefix("\n")
            self._open = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open.value += data


def forms(page: str) -> list[Form]:
    """The forms of a page, in order."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms
