"""Addresses of others that our public pages link to, what each look at them found, and what somebody decided.

Neighbours: gathering fills in the addresses, looking the looks, deciding the decisions; queries is what screens ask.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gensvar.publishing.models import ShortLink

__all__ = ["DeadShortLink", "LinkDecision", "LinkLook", "LinkUse", "OutsideLink"]


class Finding(models.TextChoices):
    """What one look at a page found: a closed set, in words."""

    WELL = "well", _("It answers.")
    NO_NAME = "no_name", _("There is no such domain any more.")
    SILENT = "silent", _("Nobody answers at that address.")
    SLOW = "slow", _("The page did not come within the time.")
    UNSAFE = "unsafe", _("It has no valid certificate, so browsers warn of it.")
    BROKEN_OFF = "broken_off", _("What came was no web page.")
    LOOP = "loop", _("It sends its visitors round in circles.")
    MISSING = "missing", _("The page is not there any more (%(status)s).")
    FAULT = "fault", _("The server says that it is broken (%(status)s).")
    ODD = "odd", _("The server refuses the address (%(status)s).")
    MOVED = "moved", _("It used to be at %(before)s and now leads to %(now)s.")
    UNLINKED = "unlinked", _("Its page linked back to us, and does so no longer.")
    OTHER = "other", _("Its page called itself “%(before)s” and now calls itself “%(now)s”.")
    PARKED = "parked", _("The domain seems to be for sale, or parked.")
    BARRED = "barred", _("It does not let machines in (%(status)s), so a person must look.")
    INSIDE = "inside", _("It leads into a private network, which nobody outside can open.")
    ADDRESS = "address", _("This is no web address that browsers open.")


class OutsideLink(models.Model):
    """One address, wherever it is linked from, as it stands after the looks so far."""

    class State(models.TextChoices):
        """Where it stands: a closed set."""

        NEW = "new", _("not looked at yet")
        WELL = "well", _("well")
        DOUBTED = "doubted", _("did not look right; we look again")
        BROKEN = "broken", pgettext_lazy("link", "broken")
        STRANGE = "strange", _("may have been taken over")
        BARRED = "barred", _("cannot be judged by a machine")
        UNUSED = "unused", _("not linked any more")

    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the address, which may be long
    address = models.TextField()
    host = models.CharField(max_length=253, db_index=True)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    since = models.DateTimeField()  # the state
    finding = models.CharField(max_length=12, choices=Finding, blank=True)  # of the last look
    details = models.JSONField(default=dict, blank=True)  # what its sentence names
    tries = models.PositiveSmallIntegerField(
        default=0
    )  # looks in a row that found something of the same kind
    doubted_at = models.DateTimeField(null=True)  # the first of them
    looked_at = models.DateTimeField(null=True)
    well_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField()
    # What it was when it was well; a sharp change of it may be another owner.
    site = models.CharField(max_length=253, blank=True)  # the registrable name of the host where it ended
    title = models.CharField(max_length=300, blank=True)
    owner = models.CharField(max_length=300, blank=True)
    linked_back = models.BooleanField(default=False)
    trusted = models.CharField(
        max_length=12, choices=Finding, blank=True
    )  # a finding that somebody says is right
    trusted_until = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="link_due", condition=~Q(state="unused")),
            models.Index(
                fields=["since"], name="link_in_need", condition=Q(state__in=["broken", "strange", "barred"])
            ),
        ]

    def __str__(self) -> str:
        return self.address


class LinkUse(models.Model):
    """Where an address stands in public. Rows follow what is shown, as an index does; what they say is kept elsewhere."""

    class Kind(models.TextChoices):
        """What links to it; `key` is the id of a place, post, source or appearance, the number of an exchange."""

        PLACE = "place", _("place")
        POST = "post", _("post")
        ANSWER = "answer", _("answer")
        SOURCE = "source", _("source")
        APPEARANCE = "appearance", _("appearance")

    link = models.ForeignKey(OutsideLink, on_delete=models.PROTECT, related_name="uses")
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["link", "kind", "key"], name="one_use_a_link_and_place")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} → {self.link_id}"


class LinkLook(models.Model):
    """What one look found. Rows are only added."""

    link = models.ForeignKey(OutsideLink, on_delete=models.PROTECT, related_name="looks")
    at = models.DateTimeField()
    finding = models.CharField(max_length=12, choices=Finding)
    state = models.CharField(max_length=10, choices=OutsideLink.State)  # in which it left the link
    details = models.JSONField(default=dict, blank=True)
    landed = models.TextField(blank=True)  # where it ended
    title = models.CharField(max_length=300, blank=True)
    owner = models.CharField(max_length=300, blank=True)
    linked_back = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["link", "-at"], name="link_looks")]

    def __str__(self) -> str:
        return f"{self.link_id} {self.at:%Y-%m-%d %H:%M} {self.finding}"


class LinkDecision(models.Model):
    """What a person said of a link that needed somebody. Rows are only added."""

    class Kind(models.TextChoices):
        """What was decided."""

        OURS = "ours", _("looked at: it is right")
        AGAIN = "again", _("to be looked at again")
        PLACE_CLOSED = "closed", _("the place was closed")

    link = models.ForeignKey(OutsideLink, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=10, choices=Kind)
    finding = models.CharField(max_length=12, choices=Finding, blank=True)  # that it was about
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.link_id} {self.kind} {self.at:%Y-%m-%d}"


class DeadShortLink(models.Model):
    """That a short link of ours leads to nothing that is shown: since when, why, and whether somebody let it rest."""

    class Why(models.TextChoices):
        """What happened to the page: a closed set."""

        WITHDRAWN = "withdrawn", _("its page was withdrawn")
        NOT_SHOWN = "not_shown", _("its page may not be seen any more")
        MISSING = "missing", _("its page is not there")
        PAGE_FAILS = "page_fails", _("the page with somebody else that its place stands for fails")

    link = models.ForeignKey(ShortLink, on_delete=models.PROTECT, related_name="deaths")
    why = models.CharField(max_length=12, choices=Why)
    since = models.DateTimeField()
    followed = models.PositiveIntegerField(default=0)  # in vain, since then
    ended_at = models.DateTimeField(null=True)  # it leads somewhere again
    settled_at = models.DateTimeField(null=True)  # somebody looked: let it rest
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["link"], name="one_death_at_a_time", condition=Q(ended_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.link_id} {self.why}"
