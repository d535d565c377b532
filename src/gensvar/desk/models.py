"""What a person keeps for themselves in the desk, saved views of the inbox, and what limits log-ins.

Neighbours: saved (rules), place (what a view says), counting (the log-ins).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from gensvar.people.models import Function, Person


class SavedView(models.Model):
    """A filter or a search of the inbox under a name.

    `owner` is the person who made it and alone may change it: a plain reference, so that what a leaver holds can be
    handed over by pointing it at somebody else. `query` is what `place.Place.lasting` writes: known parameters only.
    It opens nothing by itself: whoever follows it sees what they may see.
    """

    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="saved_views", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=3000)  # 200 characters of a search, written out for an address
    shared_with = models.ForeignKey(
        Function,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="shared_views",
        verbose_name=_("function"),
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints: ClassVar = [
            models.UniqueConstraint("owner", Lower("name"), name="one_view_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class LogInCount(models.Model):
    """What django-allauth counts, or has seen used, at the log-in; whose it is stands nowhere, only a keyed digest (counting)."""

    digest = models.CharField(max_length=64, primary_key=True)
    value = models.JSONField()
    until = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["until"], name="log_in_until")]

    def __str__(self) -> str:
        return f"until {self.until:%Y-%m-%d %H:%M}"
