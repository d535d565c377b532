"""A guest's name under a post: neither a person nor a function of ours, and public only with the guest's own yes.

The yes belongs to one wording. It is kept as a digest of every word and part of it, of the names under it and of what it
is said in answer to, so that any change asks for a new one. Neighbours: models refuses what has none, publishing.guests brings the guest.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterable
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gensvar.people.models import Function

WORDS: Final = frozenset(  # the columns of a post that hold what is said, and in answer to what
    {"title", "lead", "body", "answers", "answers_id", "answers_number"}
)
_TAG: Final = re.compile(r"(<[^>]*>)")
_OF_THE_EDITOR: Final = re.compile(r"\sdata-block-key=\"[^\"]*\"")


class GuestByline(models.Model):
    """Who wrote a post without being one of us; the function that invited them stands behind its being shown (law 4)."""

    class Kind(models.TextChoices):
        """As whom the guest writes."""

        RESIDENT = "resident", _("resident")
        ASSOCIATION = "association", _("for an association")
        EMPLOYEE = "employee", _("employee without a log-in")

    post = models.OneToOneField("publishing.Post", on_delete=models.PROTECT, related_name="guest_byline")
    name = models.CharField(max_length=120)
    association = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=12, choices=Kind)
    function = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="+")
    agreed_to = models.CharField(max_length=64, blank=True)  # the digest of what the guest said yes to

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.association) if part)

    def agrees_to(self, post: Any, signed: Iterable[Any] | None = None) -> bool:
        """Whether the guest said yes to exactly what that post says as it is held in memory; `signed` as of digest_of."""
        return bool(self.agreed_to) and self.agreed_to == digest_of(post, self, signed)


def of(key: int | None) -> GuestByline | None:
    """The guest under the post of that key."""
    return GuestByline.objects.select_related("function").filter(post=key).first() if key else None


def digest_of(post: Any, byline: GuestByline, signed: Iterable[Any] | None = None) -> str:
    """SHA-256 (hexadecimal) of the post's headline, lead and parts, of all names under them, and of what it answers.

    `signed` are the bylines of ours in their order, where they are not those of the post. What the page editor adds to rich
    text for itself is no word and counts for nothing.
    """
    ours = sorted(post.bylines.all(), key=_place) if signed is None else signed
    parts = [(one.block_type, _plain(one.block.get_prep_value(one.value))) for one in post.body]
    names = [byline.name, byline.association, *((one.person_id, one.guest, one.function_id) for one in ours)]
    said = [post.title, post.lead, parts, names, post.answers_id, post.answers_number]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def not_agreed() -> ValidationError:
    """What is said to somebody who publishes a guest's words before the guest said yes to them."""
    return ValidationError(
        gettext("The guest has not said yes to this very wording. Ask for it first. Nothing was published.")
    )


def wrote_it_elsewhere(post: Any) -> bool:
    """Whether a guest stands under that post in another language. Words of theirs are public under their name alone."""
    return (
        GuestByline.objects.filter(post__translation_key=post.translation_key).exclude(post=post.pk).exists()
    )


def without_their_name() -> ValidationError:
    """What is said to somebody who publishes a guest's words in another language as if they were ours."""
    return ValidationError(
        gettext(
            "A guest wrote this. It is shown only in their own post, with their yes. Nothing was published."
        )
    )


def not_for_this(titles: Iterable[str]) -> ValidationError:
    """What is said to somebody who puts a guest's pictures into another post than the one that the guest says yes to."""
    said = gettext("A guest gave “%(title)s” for another text. Take it away here; nobody said yes to it.")
    return ValidationError([said % {"title": title} for title in titles])


def _place(byline: Any) -> tuple[float, float]:
    """Where a byline of ours stands, as gate orders them; those that are not saved yet stand as they were given."""
    unknown = float("inf")
    return (
        unknown if byline.sort_order is None else byline.sort_order,
        unknown if byline.pk is None else byline.pk,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, str):
        return "".join(
            _OF_THE_EDITOR.sub("", piece)
            if piece.startswith("<")
            else html.escape(html.unescape(piece), quote=False)
            for piece in _pieces(value)
        )
    return value


def _pieces(value: str) -> list[str]:
    """Tags and what stands between them; behind the last “>” no tag is looked for, however often one begins there."""
    end = value.rfind(">") + 1
    *pieces, last = _TAG.split(value[:end])
    return [*pieces, last + value[end:]]
