"""The order of the rooms holds for relations between models too: their string names escape import-linter."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

from django.apps import apps
from django.contrib.staticfiles import finders
from django.db.models import Model

from tests.databases import ROOT


def rooms_in_order() -> list[str]:
    """The one list of rooms (pyproject.toml, import-linter's layers), first the one that imports nothing of ours."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "rooms")
    return [layer.strip("()") for layer in reversed(layers)]


def room_of(model: type[Model]) -> str | None:
    """The room that a model lives in; none for those of the libraries."""
    package, _, rest = model.__module__.partition(".")
    return rest.split(".")[0] if package == "gensvar" else None


def relations() -> Iterator[tuple[str, str, str]]:
    """Every relation between two of our models: its name, the room it is in, the room that it points at."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if field.auto_created or not field.is_relation or not isinstance(field.related_model, type):
                continue
            room, target = room_of(model), room_of(field.related_model)
            if room and target:
                yield f"{model._meta.label}.{field.name}", room, target


def test_a_relation_points_only_at_rooms_that_the_word_has_passed() -> None:
    order, found = rooms_in_order(), sorted(relations())
    assert found
    down = [one for one in found if order.index(one[2]) > order.index(one[1])]
    assert down == [], "each points from a room at a later one"


def test_every_room_with_models_stands_in_the_order() -> None:
    assert {room_of(model) for model in apps.get_models()} - {None} <= set(rooms_in_order())


def test_channels_keep_no_tables() -> None:
    assert not [model for model in apps.get_models() if room_of(model) == "channels"]


def test_every_style_sheet_and_script_that_a_template_names_is_there_to_be_gathered() -> None:
    """Only the gathered files' own list refuses a name that is none, and no test is served from it."""
    pages = (ROOT / "src" / "gensvar").rglob("templates/**/*.html")
    named = {name for page in pages for name in re.findall(r"{% static '([^']+)' %}", page.read_text())}
    assert {name for name in named if finders.find(name) is None} == set()
    assert len(named) > 10
