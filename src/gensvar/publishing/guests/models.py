"""Guests who were invited to write, every version of what they and we wrote, what was remarked, and each yes of theirs.

Rows of what was said are only added. Neighbours: services writes, square.guests and desk.guests show.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gensvar.core import clock, tokens
from gensvar.people.models import Function, Person
from gensvar.publishing.posts.models import GuestByline, Post


class GuestVoice(models.Model):
    """One invitation, and how far what came of it has gone. The link is made of `key` and opens without it nothing."""

    class State(models.TextChoices):
        """Whose turn it is follows from it (`turn`)."""

        WRITING = "writing", _("being written")
        HANDED_IN = "handed_in", _("handed in")
        ASKED = "asked", _("asked for a yes")
        AGREED = "agreed", _("has said yes")
        TAKEN_BACK = "taken_back", _("taken back")

    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), max_length=254)
    association = models.CharField(_("association"), max_length=120, blank=True)
    kind = models.CharField(_("writes as"), max_length=12, choices=GuestByline.Kind)
    about = models.TextField(_("what it is about"))
    language = models.CharField(_("language"), max_length=10)
    last_day = models.DateField(_("last day to hand in"))
    function = models.ForeignKey(
        Function, on_delete=models.PROTECT, related_name="+", verbose_name=_("function")
    )
    host = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("who looks after the guest")
    )
    key = models.CharField(
        max_length=20, unique=True, default=tokens.new_key
    )  # of the link; a new one closes it
    state = models.CharField(max_length=10, choices=State, default=State.WRITING)
    post = models.OneToOneField(Post, on_delete=models.PROTECT, null=True, related_name="guest_voice")
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(null=True)  # when the guest was told that it is published
    leaves_at = models.DateTimeField(
        null=True
    )  # when the guest asked that it be withdrawn, until that is decided
    leaves_because = models.TextField(blank=True)

    class Meta:
        verbose_name = _("guest")
        verbose_name_plural = _("guests")
        indexes: ClassVar = [
            models.Index(fields=["last_day"], name="guest_writing", condition=Q(state="writing")),
            models.Index(fields=["-invited_at"], name="guest_newest"),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.association) if part)

    @property
    def may_write(self) -> bool:
        """Whether the guest may still write: not after the last day (the municipality's)."""
        return self.state == self.State.WRITING and self.last_day >= clock.today()

    @property
    def has_ended(self) -> bool:
        """Whether the last day passed with nothing handed in."""
        return self.state == self.State.WRITING and not self.may_write

    @property
    def waits_for_guest(self) -> bool:
        """Whose turn it is: the guest's, or else ours."""
        return self.may_write or self.state == self.State.ASKED


class GuestVersion(models.Model):
    """What the text was when somebody saved it. One that lost to a newer one is kept aside."""

    guest = models.ForeignKey(GuestVoice, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200, blank=True)
    lead = models.TextField(blank=True)
    text = models.TextField(blank=True)
    person = models.ForeignKey(  # nobody of ours: the guest
        Person, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    aside = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["guest", "number"], name="one_version_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.guest_id}/{self.number}"


class GuestPicture(models.Model):
    """A picture that a guest gave: its pixels alone, kept beside attachments; an image of the library once it is handed in.

    One that was taken away stays as a row, and what it showed in words.
    """

    guest = models.ForeignKey(GuestVoice, on_delete=models.PROTECT, related_name="pictures")
    sha256 = models.CharField(max_length=64)  # of what is left of it: core.files
    alternative = models.CharField(max_length=300)
    taken_by = models.CharField(max_length=120)
    at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)
    image = models.OneToOneField(
        "wagtailimages.Image", on_delete=models.PROTECT, null=True, related_name="guest_picture"
    )

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.guest_id}/{self.sha256[:8]}"


class GuestRemark(models.Model):
    """A word between guest and editor about the text; never public."""

    guest = models.ForeignKey(GuestVoice, on_delete=models.PROTECT, related_name="remarks")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    words = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.guest_id} {self.at:%Y-%m-%d}"


class GuestYes(models.Model):
    """The guest said yes to one wording under their name: its digest, and the very words for whoever asks later."""

    guest = models.ForeignKey(GuestVoice, on_delete=models.PROTECT, related_name="yeses")
    digest = models.CharField(max_length=64)
    title = models.CharField(max_length=255)
    words = models.TextField()
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.guest_id} {self.digest[:8]}"
