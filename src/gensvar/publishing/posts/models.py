"""Posts as Wagtail pages: who stands behind them, what they answer, and every decision to show or to withdraw them.

Readers go through `gate.py` beside this. Templates are square's: the one permitted back-reference.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import nullcontext
from dataclasses import replace
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.log_actions import get_active_log_context
from wagtail.models import Orderable, Page, Revision

from gensvar.core import clock, freshness, languages
from gensvar.core.models import Topic, User
from gensvar.people.models import Function, Person
from gensvar.people.speaking import Name, silent
from gensvar.publishing.posts import bylines, guest_bylines, holds, pictures, telling
from gensvar.publishing.posts.blocks import Body
from gensvar.publishing.posts.guest_bylines import GuestByline
from gensvar.publishing.posts.holds import PostHold
from gensvar.publishing.posts.permissions import PostPermissionTester
from gensvar.publishing.posts.pictures import PictureSize, PostPicture
from gensvar.publishing.posts.sources import Source
from gensvar.publishing.posts.values import YEARS

__all__ = [
    "Byline",
    "GuestByline",
    "PictureSize",
    "Post",
    "PostDecision",
    "PostHold",
    "PostPicture",
    "PostsHome",
    "Series",
    "Source",
]


class Series(models.Model):
    """Posts that belong together and are read one after the other."""

    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("series")
        verbose_name_plural = pgettext_lazy("several of them", "series")

    def __str__(self) -> str:
        return languages.named(self.name, self.name_en)


class PostsHome(Page):
    """Where posts of one language hang; made by a migration, one a language. Its address is `/nytt`."""

    parent_page_types: ClassVar[list[str]] = []
    subpage_types: ClassVar = ["publishing.Post"]

    class Meta:
        verbose_name = _("posts")

    def permissions_for_user(self, user: User) -> PostPermissionTester:
        """By role."""
        return PostPermissionTester(user, self)

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[Any, Any, str] | None:
        """The square's list."""
        return _placed(super().get_url_parts(request), self.locale.language_code, "square:posts", [])

    def serve(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """Wagtail's own address leads to ours."""
        return redirect(self.url)


class Post(Page):
    """One post. What stands in its row is what was published last; a newer draft lives in its revisions."""

    lead: models.TextField[str, str] = models.TextField(
        _("lead"), max_length=500, help_text=_("Two or three sentences: what is this about?")
    )
    body: Any = Body(blank=True, verbose_name=_("text"))
    topics = ParentalManyToManyField(Topic, blank=True, related_name="posts", verbose_name=_("topics"))
    series: models.ForeignKey[Series | None, Series | None] = models.ForeignKey(
        Series,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("series"),
    )
    answers: models.ForeignKey[Source | None, Source | None] = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("in answer to this source"),
    )
    answers_number: models.CharField[str, str] = models.CharField(
        _("in answer to this public question"),
        max_length=20,
        blank=True,
        help_text=_("Its number, such as 2026-000123. It is shown as long as the question is public."),
    )

    parent_page_types: ClassVar = ["publishing.PostsHome"]
    subpage_types: ClassVar[list[str]] = []
    template = "square/post_preview.html"  # of a draft; readers get what square.posts makes
    base_form_class = bylines.PostForm
    copy_form_class = bylines.CopiedAsDraft
    show_in_menus_default = False

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("lead"),
        InlinePanel("bylines", heading=_("Who stands behind this"), label=_("byline")),
        MultiFieldPanel([FieldPanel("answers"), FieldPanel("answers_number")], heading=_("In answer to")),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("topics"), FieldPanel("series")], heading=_("Where it belongs")),
    ]
    promote_panels: ClassVar = [FieldPanel("slug")]

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")

    @property
    def may_vanish(self) -> bool:
        """Whether it was never public and no guest wrote it, so that its draft may be thrown away."""
        if self.first_published_at is not None or guest_bylines.of(self.pk) is not None:
            return False
        return not self.decisions.exists()

    def permissions_for_user(self, user: User) -> PostPermissionTester:
        """By role."""
        return PostPermissionTester(user, self)

    def clean(self) -> None:
        """Raises ValidationError for an address that changes after it was public, or that looks like a month."""
        super().clean()
        if re.fullmatch(r"[0-9]+", self.slug or ""):
            raise ValidationError({"slug": _("The address needs at least one letter.")})
        before = Post.objects.filter(pk=self.pk, first_published_at__isnull=False).values_list(
            "slug", flat=True
        )
        if self.pk and before and before[0] != self.slug:
            raise ValidationError(
                {"slug": _("Others may have linked to this post: its address stays as it is.")}
            )

    @transaction.atomic
    def save(self, *args: Any, **options: Any) -> None:
        """Whatever way it became public or ceased to be, that is written down; without a byline it does not become so.

        Nor does a guest's without their name, or their yes to this very wording, nor what holds a picture that a guest gave for
        another text. Raises ValidationError then; nothing is changed.
        """
        if self.live:
            self._refuse_unsigned(options.get("update_fields"))
        before = self._as_it_stands()
        with nullcontext() if before.live else freshness.adding():  # what nobody saw takes nothing away
            super().save(*args, **options)
            self._follow_saving(before, options.get("update_fields") or ["body"])

    def _follow_saving(self, before: telling.Shown, columns: Collection[str]) -> None:
        """What is decided and told of it; `columns` are those that were written, "body" among all."""
        after = self._as_it_stands()
        self._note_decision(live=after.live)
        if self.live and "body" in columns:  # a draft changes no row's text
            pictures.keep(self.pk, self.body)
        telling.tell(self.pk, before, after)
        shown_anew = after.revision != before.revision
        if (shown_anew or (before.live and not after.live)) and not self.expired:
            holds.end(self.pk)
        if before.live or after.live:
            telling.refresh(self.pk, Post.objects.live().public().filter(pk=self.pk).first())

    def _refuse_unsigned(self, columns: Collection[str] | None) -> None:
        guest = guest_bylines.of(self.pk)
        if guest is None and guest_bylines.wrote_it_elsewhere(self):
            raise guest_bylines.without_their_name()
        if guest is None and not self.bylines.count():
            raise bylines.none_there()
        # Where a draft of it is saved, the row's words stay as they are: only what is written here is asked about.
        says_something = columns is None or not guest_bylines.WORDS.isdisjoint(columns)
        if guest is not None and says_something and not guest.agrees_to(self):
            raise guest_bylines.not_agreed()
        if says_something and (titles := pictures.given_for_another(self)):
            raise guest_bylines.not_for_this(titles)

    def _as_it_stands(self) -> telling.Shown:
        """What the public sees of its row in the database now."""
        row = Post.objects.filter(pk=self.pk).values_list("live", "live_revision_id").first()
        if row is None:
            return telling.Shown()
        signed = Byline.objects.filter(post=self.pk).values_list("function__slug", "person_id")
        about = Topic.objects.filter(posts=self.pk).values_list("slug", flat=True)
        return telling.Shown(
            live=row[0],
            revision=row[1],
            functions=frozenset(function for function, _person in signed),
            topics=frozenset(about),
            persons=frozenset(person for _function, person in signed if person),
        )

    @transaction.atomic
    def publish(self, revision: Revision, *args: Any, **options: Any) -> None:
        """Show that revision, now or at the time that stands in it: all of it or nothing, and whoever keeps the time is told.

        By the clock, nothing is shown under a name that may not speak today: it is held instead.
        """
        if options.get("log_action") == holds.BY_THE_CLOCK:
            names = holds.names_in(revision) - said_before([self.pk])[self.pk]
            if any(silent([(names, clock.today())])):
                holds.hold(self, revision)
                return
        super().publish(revision, *args, **options)
        self.follow_publishing()

    @transaction.atomic
    def follow_publishing(self) -> None:
        """It was shown or has a new time, also where the page editor's button did that past `publish`: it is held no longer, and
        whoever keeps its times is told."""
        holds.end(self.pk)
        timed = self.revisions.filter(approved_go_live_at__isnull=False)
        over = Post.objects.filter(pk=self.pk, live=True).values_list("expire_at", flat=True).first()
        telling.tell_times(self.pk, *timed.values_list("approved_go_live_at", flat=True), over)

    @transaction.atomic
    def follow_unpublishing(self) -> None:
        """Wagtail took it from the public by the row of its page alone, past `save`: write down and tell the same."""
        after = self._as_it_stands()
        if self._note_decision(live=after.live):
            if not self.expired:  # the clock decides nothing
                holds.end(self.pk)
            telling.tell(self.pk, replace(after, live=True), after)
            telling.refresh(self.pk, None)

    def _note_decision(self, *, live: bool) -> bool:
        """Whether what is shown differs from what was decided last, which is written down then.

        `live` is read from the row: while a draft was held in memory, somebody else may have published it.
        """
        last = self.decisions.order_by("-pk").first()
        shown = last is not None and last.kind == PostDecision.Kind.PUBLISHED
        if live == shown:
            return False
        kind = PostDecision.Kind.PUBLISHED if live else PostDecision.Kind.WITHDRAWN
        by = get_active_log_context().user
        PostDecision.objects.create(post=self, kind=kind, at=clock.now(), by=by)
        return True

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[Any, Any, str] | None:
        """Year and slug; none before it was first published, nor with a year that no address says."""
        at = self.first_published_at
        if at is None or (year := timezone.localtime(at).year) not in YEARS:
            return None
        arguments = [year, self.slug]
        return _placed(super().get_url_parts(request), self.locale.language_code, "square:post", arguments)

    def serve(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """Wagtail's own address leads to ours, for good: that stays as it is."""
        if self.url is None:
            raise Http404
        return redirect(self.url, permanent=True)


class Byline(Orderable):
    """A person and the function that the person speaks for here (law 4); what is old may be signed by a name alone."""

    post = ParentalKey(Post, on_delete=models.CASCADE, related_name="bylines")
    person: models.ForeignKey[Person | None, Person | None] = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    guest: models.CharField[str, str] = models.CharField(
        _("guest"),
        max_length=120,
        blank=True,
        help_text=_("Somebody who wrote it and is no person here, by name; the function stands behind it."),
    )
    function: models.ForeignKey[Function, Function] = models.ForeignKey(
        Function, on_delete=models.PROTECT, related_name="+", verbose_name=_("function")
    )

    panels: ClassVar = [FieldPanel("person"), FieldPanel("guest"), FieldPanel("function")]

    class Meta(Orderable.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="byline_names_somebody",
                condition=models.Q(person__isnull=False, guest="")
                | models.Q(person__isnull=True) & ~models.Q(guest=""),
                violation_error_message=_("Choose a person, or write the name of a guest; not both."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person or self.guest}, {self.function}"


def said_before(posts: Collection[int]) -> dict[int, set[Name]]:
    """For each of these posts (ids) the names that the public reads under it, in whatever language: they stay under what they
    said. Under what is withdrawn stand those of its draft, which nobody has read. Two queries."""
    keys = dict(Post.objects.filter(pk__in=posts).values_list("pk", "translation_key"))
    read = Byline.objects.filter(
        post__translation_key__in=keys.values(), post__live=True, person__isnull=False
    )
    found: dict[Any, set[Name]] = {}
    for key, person, function in read.values_list("post__translation_key", "person_id", "function_id"):
        found.setdefault(key, set()).add((person, function))
    return {post: found.get(keys.get(post), set()) for post in posts}


class PostDecision(models.Model):
    """That a post was shown or withdrawn: when, by whom, why. Rows are only added, and hold the post against every deletion."""

    class Kind(models.TextChoices):
        """What was decided."""

        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.post_id} {self.kind} {self.at:%Y-%m-%d}"


def _placed(
    parts: tuple[Any, Any, Any] | None, language: str, name: str, arguments: list[Any]
) -> tuple[Any, Any, str] | None:
    if parts is None:
        return None
    with translation.override(language):
        return (parts[0], parts[1], reverse(name, args=arguments))
