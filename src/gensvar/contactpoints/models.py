"""Every place where the municipality is: its channel, address, purpose, and the function that owns it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings as ours
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gensvar.people.models import Function, Person


class ContactPoint(models.Model):
    """One address of one channel. It belongs to a function and has an owner and a deputy (law 3)."""

    class State(models.TextChoices):
        """Its life cycle; a closed one stays listed."""

        DRAFT = "draft", _("being prepared")
        LIVE = "live", _("open")
        CLOSED = "closed", pgettext_lazy("place", "closed")

    class Place(models.TextChoices):
        """Dialogue places are told apart from feeds."""

        DIALOGUE = "dialogue", _("talk with us")
        FEED = "feed", _("follow us")

    channel = models.CharField(_("form"), max_length=30)
    address = models.CharField(  # empty only while it is being prepared
        _("address"),
        max_length=254,
        blank=True,
        help_text=_("In the channel's own normal form. Needed before the place opens."),
    )
    web_address = models.URLField(
        _("its page on the web"),
        max_length=500,
        blank=True,
        help_text=_(
            "Where everybody can see it, such as https://social.example/@norrvik. Empty where it has none."
        ),
    )
    name = models.CharField(_("name"), max_length=120)
    purpose = models.TextField(_("purpose"), blank=True)
    function = models.ForeignKey(
        Function, on_delete=models.PROTECT, related_name="contact_points", verbose_name=_("function")
    )
    owner = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_places",
        verbose_name=_("owner"),
    )
    deputy = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deputised_places",
        verbose_name=_("deputy"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    place = models.CharField(_("kind of place"), max_length=10, choices=Place, default=Place.DIALOGUE)
    hours = models.CharField(_("hours"), max_length=200, blank=True)
    languages = models.CharField(_("languages"), max_length=100, default="sv")
    notice = models.TextField(_("notice"), blank=True)
    archiving = models.TextField(_("archiving decision"), blank=True)
    answer_within = models.PositiveSmallIntegerField(_("answers within (working days)"), default=5)
    acknowledges = models.BooleanField(_("sends receipts"), default=True)
    settings = models.JSONField(default=dict, blank=True)
    opened_on = models.DateField(_("since"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    linked_back_from = models.URLField(
        max_length=500, blank=True, editable=False
    )  # seen to link to us (rel="me")
    linked_back_at = models.DateTimeField(null=True, editable=False)  # since when

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "address"], condition=~Q(address=""), name="one_point_an_address"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(address=""), name="what_is_no_draft_has_an_address"
            ),
        ]
        indexes: ClassVar = [  # whose is this address, asked for every word; the constraint's own lacks the empty ones
            models.Index(fields=["channel", "address"], name="point_at_address")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.address})" if self.address else self.name

    @property
    def page(self) -> str:
        """Its page with somebody else, where everybody sees it; empty where it has none, or only pages of our own."""
        found = self.web_address or self.address
        inside = (found + "/").startswith(ours.GENSVAR_URL + "/")
        return found if found.startswith(("https://", "http://")) and not inside else ""

    @property
    def verified(self) -> bool:
        """Whether that very page was seen to link back to us, so that everybody knows it for ours."""
        return bool(self.page) and self.linked_back_from == self.page


class FormerAddress(models.Model):
    """An address that a place had before it was given another: what is sent there arrives at the place, until it is ended.

    It holds no words and shows nowhere in public. Where another place opens at it, it is ended.
    """

    point = models.ForeignKey(ContactPoint, on_delete=models.PROTECT, related_name="former_addresses")
    channel = models.CharField(max_length=30)
    address = models.CharField(_("address"), max_length=254)  # in the channel's normal form
    left_on = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["-left_on", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "address"], condition=Q(ended_on=None), name="one_point_a_former_address"
            )
        ]

    def __str__(self) -> str:
        return self.address


class PlaceLook(models.Model):
    """That somebody looked after a place: when, who, and what there was to say. Rows are only added.

    Supervision each working day, with a log: practice of Malmö, Håbo and Stockholm; BBS-lagen 1998:112, 4 §.
    """

    point = models.ForeignKey(ContactPoint, on_delete=models.PROTECT, related_name="looks")
    day = models.DateField()  # the municipality's own
    at = models.DateTimeField()
    by = models.ForeignKey(ours.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(_("what there was to see"), max_length=500, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["point", "-day"], name="place_looks")]

    def __str__(self) -> str:
        return f"{self.point_id} {self.day}"
