"""Handovers and what each of them moved: rows that are kept, so that a week can undo them and a document can tell of them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gensvar.core import clock
from gensvar.people.handover.states import State
from gensvar.people.models import Person

UNDOABLE: Final = dt.timedelta(days=7)


class Handover(models.Model):
    """Everything that one person holds goes to others."""

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="handovers", verbose_name=_("who leaves")
    )
    last_day = models.DateField(_("last day"))
    reason = models.CharField(_("why"), max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PREPARED)
    choices = models.JSONField(default=dict)  # by kind: {"*": person for all of it, key: person for one}
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    remarks = models.JSONField(default=dict)  # by language: what the review said that nobody moves
    alone_because = models.CharField(max_length=300, blank=True)  # why nobody else looked at it
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-prepared_at", "-pk"]
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="prepared"), name="one_handover_being_prepared"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.last_day}"

    @property
    def chosen_mark(self) -> str:
        """Changes with whatever is chosen: whoever saves says which choices they looked at."""
        said = [self.choices, str(self.last_day), self.reason]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    @property
    def undoable_until(self) -> dt.datetime | None:
        """The moment after which it stands for good (aware, UTC); None before it is done."""
        return self.done_at + UNDOABLE if self.done_at is not None else None

    @property
    def undoable(self) -> bool:
        """Whether it can be undone now."""
        until = self.undoable_until
        return self.state in {State.DONE, State.FINISHED} and until is not None and clock.now() < until


class HandoverItem(models.Model):
    """One thing that a handover moved, as it was called then."""

    class State(models.TextChoices):
        """Where it is."""

        GIVEN = "given", _("handed over")
        BACK = "back", _("went back")
        STAYED = "stayed", _("stayed, since it had changed meanwhile")

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=60)
    label = models.CharField(max_length=300)
    to = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.GIVEN)
    before = models.JSONField(default=dict)
    open = models.BooleanField(default=False)  # must still be changed in the world outside
    changed_on = models.DateField(null=True)
    witness = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["handover", "kind", "key"], name="handed_over_once"),
            models.CheckConstraint(
                name="change_has_witness",
                condition=Q(changed_on__isnull=True, witness__isnull=True)
                | Q(changed_on__isnull=False, witness__isnull=False, open=False),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def went(self) -> str:
        """How it went, in words: what nobody takes over, as a log-in that ends, is not handed over."""
        if self.state == self.State.GIVEN and self.to_id is None:
            return str(_("seen to"))
        return str(self.get_state_display())


class HandoverDocument(models.Model):
    """One printing of the document; its bytes lie in core.files. Rows are only added."""

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="documents")
    state = models.CharField(max_length=10, choices=State)  # of the handover when it was made
    changed = models.PositiveIntegerField(
        default=0, db_default=0
    )  # of how many log-ins outside a change was noted by then
    language = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["handover", "state", "changed", "language"], name="one_document_a_state_and_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.handover_id} {self.state} {self.language}"
