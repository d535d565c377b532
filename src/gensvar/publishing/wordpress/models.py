"""What came home from an old blog: each of its words as read, what became of it, and the addresses that it had.

Neighbours: keeping writes the rows, making turns them into posts, addresses leads old links to them.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import Image

from gensvar.core.models import KeptBytes
from gensvar.publishing.comments.models import Comment
from gensvar.publishing.posts.models import Post

__all__ = ["OldAddress", "OldComment", "OldItem", "OldSite"]


class OldSite(models.Model):
    """One blog, known by its address without scheme ("blogg.norrvik.example", "norrvik.example/chefens-blogg")."""

    address = models.CharField(max_length=250, unique=True)
    title = models.CharField(max_length=250, blank=True)
    language = models.CharField(max_length=10, default="sv")
    authors = models.JSONField(default=dict)  # login → name as shown; no addresses
    first_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.address

    @property
    def host(self) -> str:
        """Its host name alone, without "www."."""
        return self.address.partition("/")[0]


class OldItem(KeptBytes):
    """One word of an old blog as it was read from the export (JSON, without IP addresses and passwords)."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("waits")
        MADE = "made", _("came home")
        LEFT = "left", _("not taken")
        FAILED = "failed", _("went wrong")

    site = models.ForeignKey(OldSite, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveBigIntegerField()  # WordPress's own, one for posts, pages and files alike
    kind = models.CharField(max_length=40)  # WordPress's post type
    title = models.CharField(max_length=250, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    slug = models.CharField(max_length=255, blank=True)  # of its new address, once it is public
    at = models.DateTimeField(null=True)  # when it was first public
    shown = models.BooleanField(default=False)  # whether it was public there
    parent = models.PositiveBigIntegerField(default=0)  # what it hangs under, as a number of the same blog
    file = models.CharField(max_length=500, blank=True)  # of an attachment, below wp-content/uploads
    notes = models.JSONField(default=list)  # [[code, detail], …]: what of it could not be taken (report)
    post = models.ForeignKey(Post, on_delete=models.SET_NULL, null=True, related_name="+")
    image = models.ForeignKey(Image, on_delete=models.SET_NULL, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="old_item_once"),
            models.UniqueConstraint(fields=["slug"], condition=~Q(slug=""), name="old_slug_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "file"], name="old_item_file", condition=~Q(file="")),
            models.Index(fields=["site", "parent"], name="old_item_parent", condition=~Q(file="")),
            models.Index(fields=["site", "number"], name="old_item_waiting", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.site_id}/{self.number} {self.title}"


class OldAddress(models.Model):
    """A path of an old blog, with `?p=` where it had one, and what it leads to now."""

    site = models.ForeignKey(OldSite, on_delete=models.PROTECT, related_name="addresses")
    path = models.CharField(max_length=700)  # decoded, without the last slash
    item = models.ForeignKey(OldItem, on_delete=models.PROTECT, null=True, related_name="addresses")
    topic = models.CharField(max_length=60, blank=True)  # its short name: a merged one leads on (core.topics)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["path", "site"], name="old_address_once")]

    def __str__(self) -> str:
        return self.path


class OldComment(models.Model):
    """A comment of an old blog that is kept here. `writer` tells that two are of the same address, and not which."""

    site = models.ForeignKey(OldSite, on_delete=models.PROTECT, related_name="comments")
    number = models.PositiveBigIntegerField()
    writer = models.CharField(max_length=64, blank=True)
    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "number"], name="old_comment_once")]
        indexes: ClassVar = [models.Index(fields=["writer"], name="old_comment_writer")]

    def __str__(self) -> str:
        return f"{self.site_id}/{self.number}"
