"""What a municipality has decided in its settings, in a playbook: told, and set by hand. No screen writes an environment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gensvar.core.models import User
from gensvar.core.playbooks.part import Change, Fit, Fitting, Part
from gensvar.core.playbooks.shape import Field, OneOf, Record, Text

TOLD: Final = (  # decisions about how we answer; addresses, secrets and sizes of machines are none
    "GENSVAR_COMMENTS",
    "GENSVAR_HANDOVER_DAYS",
    "GENSVAR_LANGUAGES",
    "GENSVAR_UNDO_SECONDS",
)


class Settings(Part):
    """Each with its value as the environment would say it."""

    name: ClassVar[str] = "settings"
    title: ClassVar[str | Promise] = _("settings")
    shape: ClassVar[tuple[Field, ...]] = (
        OneOf(name="name", key=True, choices=TOLD, label=_("name")),
        Text(name="value", longest=200, label=_("value")),
    )

    def standing(self) -> Iterable[Record]:
        """As this process has them."""
        return [{"name": name, "value": _written(getattr(settings, name))} for name in TOLD]

    def fitting(self, by: User | None) -> Fitting:
        """Only somebody at the server can."""
        said = gettext("It is set where Gensvar is started: %(name)s=%(value)s, if you want that too.")
        return lambda record, here: Fit(
            record, refusal=said % {"name": record["name"], "value": record.get("value", "")}
        )

    def write(self, change: Change, by: User) -> models.Model:
        """Raises ValidationError: nothing is written."""
        raise ValidationError(change.reason)


def _written(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
