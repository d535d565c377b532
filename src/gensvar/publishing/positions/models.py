"""Positions and every wording that they have had: a row that has been public is never changed again.

Readers go through `gate.py` beside this, never to these tables. Neighbour: services writes.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from gensvar.core import clock
from gensvar.core.models import Topic
from gensvar.people.models import Function, Person
from gensvar.publishing.models import PublicExchange
from gensvar.publishing.posts.models import Post

LONGEST_TEXT: Final = 10_000  # characters of a wording
LONGEST_REASON: Final = 1_000
_MAY_CHANGE: Final = frozenset({"told_at"})  # of a wording that has been public: that its coming was told


class AlreadyPublic(Exception):
    """The public has read this wording: it stays as it was. A change is a new wording."""


class Position(models.Model):
    """Something that the municipality stands for. What it says stands in its wordings; its address stays for good."""

    slug = models.SlugField(max_length=80, blank=True)  # given when its first wording is decided
    function = models.ForeignKey(
        Function, on_delete=models.PROTECT, related_name="+", verbose_name=_("function that owns it")
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="positions", verbose_name=_("topics"))
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug"], condition=~Q(slug=""), name="position_address")
        ]

    def __str__(self) -> str:
        return self.slug or f"{self.pk}"


class Kept(QuerySet[Any]):
    """Rows of a wording: many of them at once are changed or taken away only before the public read them."""

    wording: ClassVar[str] = ""  # the way from the row to its wording, with its underscores

    def update(self, **changes: Any) -> int:
        """Raises AlreadyPublic."""
        if not changes.keys() <= _MAY_CHANGE:
            self._refuse()
        return super().update(**changes)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Raises AlreadyPublic."""
        self._refuse()
        return super().delete()

    def _refuse(self) -> None:
        way = self.wording
        public = {f"{way}decided_at__isnull": False, f"{way}holds_from__lte": clock.now()}
        if self.filter(**public).exists():
            raise AlreadyPublic(AlreadyPublic.__doc__)


class KeptCauses(Kept):
    """What led to a wording is as fixed as its words."""

    wording: ClassVar[str] = "wording__"


class Wording(models.Model):
    """One wording, or (`ends`) the end of the position: it holds from `holds_from` until the next row of its position does.

    A draft until it is decided; after `holds_from` it is history.
    """

    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="wordings")
    ends = models.BooleanField(default=False)  # no words: from here on we do not stand for it any more
    title = models.CharField(_("headline"), max_length=200)
    text = models.TextField(_("what we stand for"), max_length=LONGEST_TEXT, blank=True)
    title_en = models.CharField(_("headline in English"), max_length=200, blank=True)
    text_en = models.TextField(_("what we stand for, in English"), max_length=LONGEST_TEXT, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    function = models.ForeignKey(
        Function, on_delete=models.PROTECT, related_name="+"
    )  # that the person spoke for
    reason = models.TextField(_("why it changed"), max_length=LONGEST_REASON, blank=True)
    reason_en = models.TextField(_("why it changed, in English"), max_length=LONGEST_REASON, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    holds_from = models.DateTimeField(null=True)  # never before decided_at
    told_at = models.DateTimeField(null=True)  # when feeds, letters and search learned of it
    discarded_at = models.DateTimeField(null=True)  # a draft that nobody wanted

    objects = Kept.as_manager()

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["position", "holds_from"],
                condition=Q(decided_at__isnull=False),
                name="one_wording_an_instant",
            ),
            models.UniqueConstraint(
                fields=["position"],
                condition=Q(decided_at__isnull=True, discarded_at__isnull=True),
                name="one_draft_a_position",
            ),
            models.CheckConstraint(
                name="wording_is_draft_or_decided",
                condition=Q(decided_at__isnull=True, holds_from__isnull=True, told_at__isnull=True)
                | Q(decided_at__isnull=False, discarded_at__isnull=True)
                & Q(holds_from__gte=models.F("decided_at"), decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="wording_says_or_ends",  # a draft may begin with its headline alone
                condition=Q(ends=True, text="") | Q(ends=False) & (~Q(text="") | Q(decided_at__isnull=True)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["-holds_from", "-id"], name="wording_public", condition=Q(decided_at__isnull=False)
            ),
            models.Index(fields=["holds_from"], name="wording_untold", condition=Q(told_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **options: Any) -> None:
        """Raises AlreadyPublic for what the public has read, whatever this object in memory says of itself."""
        fields = options.get("update_fields")
        if fields is None or not set(fields) <= _MAY_CHANGE:
            _refuse_if_public(self.pk)
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """Raises AlreadyPublic."""
        _refuse_if_public(self.pk)
        return super().delete(*args, **options)

    @property
    def is_public(self) -> bool:
        """Whether its time has come."""
        return self.decided_at is not None and self.holds_from is not None and self.holds_from <= clock.now()


class Cause(models.Model):
    """What led to a wording: a public exchange or a post. It is shown as long as that is public itself."""

    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="causes")
    exchange = models.ForeignKey(PublicExchange, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")

    objects = KeptCauses.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="cause_is_one_thing",
                condition=Q(exchange__isnull=False, post__isnull=True)
                | Q(exchange__isnull=True, post__isnull=False),
            ),
            models.UniqueConstraint(fields=["wording", "exchange"], name="cause_exchange_once"),
            models.UniqueConstraint(fields=["wording", "post"], name="cause_post_once"),
        ]

    def __str__(self) -> str:
        return f"{self.wording_id}: {self.exchange_id or self.post_id}"

    def save(self, *args: Any, **options: Any) -> None:
        """Raises AlreadyPublic."""
        _refuse_if_public(self.wording_id)
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """Raises AlreadyPublic."""
        _refuse_if_public(self.wording_id)
        return super().delete(*args, **options)


def _refuse_if_public(wording_id: int | None) -> None:
    if wording_id is None:
        return
    public = Wording.objects.filter(pk=wording_id, decided_at__isnull=False, holds_from__lte=clock.now())
    if public.exists():
        raise AlreadyPublic(AlreadyPublic.__doc__)
