"""Drafts, and the one outbox: every outgoing word is a row here, whatever it is and whichever way it goes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations.models import Conversation, Message, Participant
from gensvar.core import tokens
from gensvar.core.models import KeptBytes
from gensvar.people.models import Function, Person


class Draft(models.Model):
    """What somebody is writing, saved as typed; gone into a message when sent."""

    class Kind(models.TextChoices):
        """What it will become."""

        ANSWER = "answer", _("answer")
        NOTE = "note", _("note")
        FORWARD = "forward", _("forward")
        FIRST = "first", _("first word")

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, null=True, related_name="drafts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="drafts")
    function = models.ForeignKey(Function, on_delete=models.PROTECT, null=True, related_name="+")
    contact_point = models.ForeignKey(ContactPoint, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ANSWER)
    subject = models.CharField(max_length=250, blank=True)
    recipient = models.CharField(max_length=320, blank=True)  # forward and first word
    text = models.TextField(blank=True)
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)  # counts the savings
    window = models.CharField(max_length=20, blank=True)  # which page saved it last

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["conversation", "person", "kind"], name="one_draft_a_person_and_kind"
            ),
            # No conversation is like no other to a database: the first word needs a rule of its own.
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(conversation__isnull=True),
                name="one_draft_without_conversation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.person_id}"


class CoSigner(models.Model):
    """A colleague who is asked to stand behind a draft too, and the words to which they said yes; it goes with the draft."""

    draft = models.OneToOneField(Draft, on_delete=models.CASCADE, related_name="co_signer")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    signed = models.CharField(max_length=64, blank=True)  # the mark of the words (answers.cosigning)
    signed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.person_id} for {self.draft_id}"


class OtherWording(models.Model):
    """What one typed into the same draft in another window, kept until its writer chooses."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="other_wordings")
    window = models.CharField(max_length=20)
    text = models.TextField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "window"], name="one_wording_a_window")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id}: {self.window}"


class DraftFile(models.Model):
    """A file laid beside a draft; its bytes lie in core.files."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    filename = models.CharField(max_length=250)
    content_type = models.CharField(max_length=150)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.filename


class Delivery(KeptBytes):
    """One outgoing word to one recipient: what will be said, where it stands, and why."""

    class Kind(models.TextChoices):
        """What kind of word."""

        ANSWER = "answer", _("answer")
        RECEIPT = "receipt", _("receipt")
        FORWARD = "forward", _("forward")
        FIRST = "first", _("first word")
        NOTICE = "notice", _("notice to staff")
        NEWS = "news", _("letter to those who follow us")
        DECISION = "decision", _("notice of a decision")
        OUTCOME = "outcome", _("what a conversation led to")
        SURVEY = "survey", _("invitation to answer without a name")
        GUEST = "guest", _("word to a guest who writes")

    class State(models.TextChoices):
        """Where it stands, in the words that the screen shows."""

        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        KEPT = "kept", _("kept in the demo's outbox")
        DELAYED = "delayed", _("delayed")
        BY_HAND = "by_hand", _("to be phoned or posted")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("taken back")

    kind = models.CharField(max_length=10, choices=Kind)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, null=True, related_name="deliveries"
    )
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="deliveries")
    cause = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, related_name="+"
    )  # what a receipt answers
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, null=True, related_name="deliveries"
    )
    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.PROTECT, null=True, related_name="deliveries"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="deliveries")
    function = models.ForeignKey(Function, on_delete=models.PROTECT, null=True, related_name="deliveries")
    channel = models.CharField(max_length=30)
    recipient = models.CharField(max_length=320, blank=True)
    domain = models.CharField(
        max_length=255, blank=True
    )  # of the recipient, in lower case: receipts are limited by it
    recipient_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=250, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)  # the same words, where they have a form of their own
    unsubscribe = models.CharField(max_length=500, blank=True)  # the address that ends such words (RFC 8058)
    language = models.CharField(max_length=20, default="sv")
    message_identifier = models.CharField(
        max_length=250, unique=True
    )  # Message-ID, made once, the same at every try
    key = models.CharField(max_length=20, unique=True, default=tokens.new_key)  # of the bounce token
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    send_after = models.DateTimeField()  # the time to take it back
    next_try_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    retried_at = models.DateTimeField(null=True)  # when somebody sent it again, before it had ever left us
    reply = models.TextField(blank=True)  # what the other side said, or why not

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes: ClassVar = [
            models.Index(fields=["state", "-created_at", "-id"], name="delivery_states"),
            models.Index(fields=["recipient", "kind", "-created_at"], name="delivery_recent"),
            models.Index(
                fields=["contact_point", "-created_at"], name="receipt_place", condition=Q(kind="receipt")
            ),
            models.Index(
                fields=["domain", "-created_at"], name="receipt_domain", condition=Q(kind="receipt")
            ),
            models.Index(fields=["-created_at", "-id"], name="delivery_newest"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["cause", "recipient"], condition=Q(kind="receipt"), name="one_receipt_a_word"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}: {self.state}"


class DeliveryFile(models.Model):
    """A file that goes with one delivery alone (a forward); those of an answer are its message's attachments."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="files")
    filename = models.CharField(max_length=250)
    content_type = models.CharField(max_length=150)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.filename
