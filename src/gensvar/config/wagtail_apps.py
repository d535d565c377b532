"""Wagtail's apps without the API that they offer and we do not: half of the time in which a command of ours starts.

Wagtail 8 builds its API v3 (django-ninja, pydantic, a schema for each model) whenever it starts, wherever one of these apps is
installed and whether or not an address leads there; it has no setting against it. None leads there here, so what would build
it is stood in for by modules that do nothing, only while these apps start; whoever imports the real ones later gets them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Final

from django.apps import AppConfig
from wagtail.documents.apps import WagtailDocsAppConfig
from wagtail.images.apps import WagtailImagesAppConfig
from wagtail.locales.apps import WagtailLocalesAppConfig
from wagtail.snippets.apps import WagtailSnippetsAppConfig
from wagtail.users.apps import WagtailUsersAppConfig

NOT_BUILT: Final = (
    "wagtail.api.v3.api",
    "wagtail.documents.api.v3.registry",
    "wagtail.documents.api.v3.router",
    "wagtail.images.api.v3.registry",
    "wagtail.images.api.v3.router",
    "wagtail.locales.api.v3",
    "wagtail.snippets.api.v3",
    "wagtail.snippets.api.v3.router",
)


class Idle(ModuleType):
    """A module in which everything is there and does nothing."""

    def __getattr__(self, name: str) -> Idle:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_: object, **__: object) -> Idle:
        return self


@contextmanager
def no_api() -> Iterator[None]:
    """Let what builds the API be imported as modules that do nothing; a real one that is loaded already stays."""
    stood_in = {name: Idle(name) for name in NOT_BUILT if name not in sys.modules}
    sys.modules.update(stood_in)
    try:
        yield
    finally:
        for name in stood_in:
            del sys.modules[name]


class WithoutApi(AppConfig):
    """An app that starts as it would, without its API."""

    def ready(self) -> None:
        with no_api():
            super().ready()


class Documents(WithoutApi, WagtailDocsAppConfig):
    pass


class Images(WithoutApi, WagtailImagesAppConfig):
    pass


class Locales(WithoutApi, WagtailLocalesAppConfig):
    pass


class Snippets(WithoutApi, WagtailSnippetsAppConfig):
    pass


class Users(WagtailUsersAppConfig):
    """With our forms."""

    user_viewset = "gensvar.desk.wagtail_users.LogIns"
