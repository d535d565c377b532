"""Pictures that a guest gives with a text: read anew before they are kept, seen by nobody else before the text is public.

Neighbours: services hands them in with the text, publishing.pictures takes everything but the pixels away, publishing.library
says where they lie then, square and desk show.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.images import get_image_model

from gensvar.core import audit, clock, files
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.publishing import library, pictures
from gensvar.publishing.guests.models import GuestPicture, GuestVoice
from gensvar.publishing.services import NotPublishable

MOST: Final = 5  # that stand with a text
MOST_EVER: Final = 30  # also of those that were taken away: each is kept
DIGITS: Final = 18  # of a key; databases hold no longer ones
QUALITY: Final = 90  # of the one that everything shown is made from, as for our own


@dataclass(frozen=True, slots=True)
class Given:
    """A picture as it was sent, what it shows in words, and who took it."""

    data: bytes
    alternative: str
    taken_by: str


def cleaned(given: Given) -> Given:
    """The same with pixels only. Raises NotPublishable, in a sentence, for what cannot be shown or lacks its words."""
    alternative = " ".join(given.alternative.split())[:300]
    taken_by = " ".join(given.taken_by.split())[:120]
    if not (alternative and taken_by):
        raise NotPublishable(
            [_("Say what the picture shows, and who took it. Then choose the picture again.")]
        )
    try:
        return Given(pictures.clean(given.data, quality=QUALITY).data, alternative, taken_by)
    except pictures.TooManyPixels:
        said = _("This picture has more than 60 million pixels. Make it smaller and try again.")
    except pictures.NotAPicture:
        said = _("This is no picture that can be shown. JPEG, PNG, WebP, GIF and AVIF can.")
    raise NotPublishable([said]) from None


def standing(guest: GuestVoice) -> QuerySet[GuestPicture]:
    """Those that go with the text, in the order in which they came."""
    return guest.pictures.filter(gone_at=None)


@transaction.atomic
def change(guest: GuestVoice, given: Given | None, gone: Collection[str] = ()) -> None:
    """Take those of these ids away and keep the new one (`cleaned`); of a guest who may write, locked by the caller.

    Raises NotPublishable where there are as many as a text can have. The same picture is kept once, with the newest words.
    """
    standing(guest).filter(pk__in=[pk for pk in gone if pk.isdecimal() and len(pk) <= DIGITS]).update(
        gone_at=clock.now()
    )
    if given is None:
        return
    same = standing(guest).filter(sha256=hashlib.sha256(given.data).hexdigest())
    if same.update(alternative=given.alternative, taken_by=given.taken_by):
        return
    if standing(guest).count() >= MOST:
        raise NotPublishable(
            [_("A text has at most %(most)d pictures. Take one away first.") % {"most": MOST}]
        )
    if guest.pictures.count() >= MOST_EVER:
        raise NotPublishable(
            [
                _(
                    "This text has had %(most)d pictures, and no more can be given. Tell us below, and we help."
                )
                % {"most": MOST_EVER}
            ]
        )
    made = GuestPicture.objects.create(
        guest=guest,
        sha256=files.keep(given.data),
        alternative=given.alternative,
        taken_by=given.taken_by,
        at=clock.now(),
    )
    audit.note(None, "guests.picture_given", guest, picture=made.pk)


def into_library(guest: GuestVoice) -> list[tuple[str, dict[str, Any]]]:
    """Each as an image of the library and a part of a post, in the caller's transaction. Its title and its file's name tell nothing,
    since whoever names its key in a draft of their own is told the title.
    """
    parts: list[tuple[str, dict[str, Any]]] = []
    for one in standing(guest).select_related("image"):
        if one.image is None:
            file = ContentFile(files.read(one.sha256), name=f"gast-{secrets.token_hex(16)}.webp")
            one.image = get_image_model().objects.create(
                title=f"Gäst {guest.pk}/{one.pk}", file=file, collection=library.guests()
            )
            one.save(update_fields=["image"])
        with translation.override(guest.language):
            caption = _("Photo: %(who)s") % {"who": one.taken_by}
        parts.append(("picture", {"image": one.image, "alternative": one.alternative, "caption": caption}))
    return parts


def kept_from(user: User, name: str) -> bool:
    """Whether that file of the library is of a guest's picture, and this log-in may not open the draft that it stands in."""
    if user.may(May.PUBLISH):
        return False
    given = GuestPicture.objects.filter(Q(image__file=name) | Q(image__renditions__file=name))
    return given.exclude(guest__post__owner=user).exists()


def read(guest: GuestVoice, pk: int) -> bytes | None:
    """The bytes of one that goes with the text, as WebP; None where there is none."""
    found = standing(guest).filter(pk=pk).first()
    try:
        return files.read(found.sha256) if found is not None else None
    except FileNotFoundError:
        return None
