"""Whether comments are taken, whether they are read before they are shown, and what in one asks for a person's eyes."""

from __future__ import annotations

import re
from typing import Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gensvar.core import personal_data
from gensvar.people.models import Function, Person
from gensvar.publishing.comments.models import CommentsClosed

OFF, BEFORE, AFTER = "off", "before", "after"
MOST_LINKS: Final = 1  # in one comment; with more it waits for a person
_LINK: Final = re.compile(
    r"https?:/|www\.|(?<![\w-])[\w-]++\.(?:com|net|org|info|biz|ru|cn|top|xyz|shop)\b", re.IGNORECASE
)


class Finding(models.TextChoices):
    """Why a comment waits for a person, whatever the rule; kept with it as these words."""

    PERSONAL = "personal", _("personal data")
    LINKS = "links", _("many links")
    NAME = "name", _("a name that may be taken for ours, or that holds an address or a number")


def rule() -> str:
    """The municipality's rule: no comments, read before they are shown, or after."""
    return str(settings.GENSVAR_COMMENTS)


def takes(kind: str, key: str) -> bool:
    """Whether that page takes new comments."""
    return rule() != OFF and not CommentsClosed.objects.filter(on_kind=kind, on_key=key).exists()


def findings(text: str, name: str) -> list[str]:
    """What a person should look at before this is shown; the writer's own name in it is their own to give."""
    found: list[str] = []
    own = name.strip().casefold()
    if any(one.text.strip().casefold() != own for one in personal_data.find(text)):
        found.append(Finding.PERSONAL.value)
    if len(_LINK.findall(text)) > MOST_LINKS:
        found.append(Finding.LINKS.value)
    if own and (_speaks_for_us(own) or _holds_an_address(name)):
        found.append(Finding.NAME.value)
    return found


def _speaks_for_us(name: str) -> bool:
    ours = {settings.GENSVAR_NAME.casefold()}
    ours |= {
        one.casefold() for pair in Function.objects.values_list("name", "name_en") for one in pair if one
    }
    ours |= {one.casefold() for one in Person.objects.values_list("name", flat=True)}
    return any(one in name for one in ours) or "kommun" in name


def _holds_an_address(name: str) -> bool:
    kinds = {personal_data.Kind.NAME, personal_data.Kind.OTHER_NAME}
    return bool(_LINK.search(name)) or any(one.kind not in kinds for one in personal_data.find(name))
