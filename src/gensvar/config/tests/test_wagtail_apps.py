"""Wagtail starts whole but for the API that leads nowhere here."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import wagtail
from django.apps import apps
from django.db.models import ForeignKey
from wagtail.admin.forms.models import registry
from wagtail.images import get_image_model
from wagtail.images.widgets import AdminImageChooser

from gensvar.config import wagtail_apps


def test_the_api_is_not_built_and_no_stand_in_is_left() -> None:
    assert "ninja" not in sys.modules
    assert [one for one in sys.modules.values() if isinstance(one, wagtail_apps.Idle)] == []


@pytest.mark.parametrize("label", ["wagtaildocs", "wagtailimages", "wagtaillocales", "wagtailsnippets"])
def test_an_app_is_wagtails_own_under_its_own_name(label: str) -> None:
    mine = apps.get_app_config(label)
    assert type(mine).__module__ == wagtail_apps.__name__
    assert type(mine).__mro__[2].__module__ == f"{mine.name}.apps"


def test_the_rest_of_what_an_app_does_when_it_starts_is_done() -> None:
    to_a_picture: ForeignKey[Any, Any] = ForeignKey(get_image_model(), on_delete=lambda *_: None)
    assert registry.get(to_a_picture) == {"widget": AdminImageChooser}


@pytest.mark.parametrize("name", wagtail_apps.NOT_BUILT)
def test_what_is_stood_in_for_is_there_in_this_wagtail(name: str) -> None:
    """Else a newer Wagtail has moved it, and builds its API elsewhere."""
    place = Path(wagtail.__file__).parent.joinpath(*name.split(".")[1:])
    assert place.with_suffix(".py").is_file() or place.joinpath("__init__.py").is_file()
