"""Who said what: contacts with their addresses, conversations, the people in them, messages and their files."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations.cleaning import CUT
from gensvar.conversations.states import State
from gensvar.core import tokens
from gensvar.core.models import Topic
from gensvar.intake.models import Envelope
from gensvar.people.models import Function, Person


class Contact(models.Model):
    """A resident, an association, a company, a newspaper: somebody who talks with the municipality, from one address.

    What a contact may see is what was written from that address or answered to it. That several contacts are one person is
    never proven but said (`OtherAddress`): `same_person` is the oldest contact of those that staff hold to be one.
    """

    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=20, blank=True)
    protected = models.BooleanField(_("protected identity"), default=False)
    created_at = models.DateTimeField()
    same_person = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )  # follows from the rows of OtherAddress that stand

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes: ClassVar = [
            models.Index(
                fields=["same_person"],
                name="contact_same_person",
                condition=Q(same_person__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(_("Protected identity")) if self.protected else self.name


class ContactAddress(models.Model):
    """The address of a contact: one for each, so that whatever is asked of a contact is asked of an address."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="addresses")
    channel = models.CharField(max_length=30)
    address = models.CharField(max_length=320)  # in the channel's normal form
    bounced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            # The address first: a planner without statistics takes the channel alone for telling.
            models.UniqueConstraint(fields=["address", "channel"], name="one_address_of_a_contact"),
            # By expression: SQLite then adds an index instead of writing the table anew.
            models.UniqueConstraint(models.F("contact"), name="one_contact_an_address"),
        ]

    def __str__(self) -> str:
        return self.address


class OtherAddress(models.Model):
    """Somebody of us holds that a contact also writes from an address, and says why. Taken back it stays as a row."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="other_addresses")
    address = models.ForeignKey(ContactAddress, on_delete=models.PROTECT, related_name="held_to_be_of")
    reason = models.CharField(max_length=300)
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contact", "address"], condition=Q(taken_back_at=None), name="said_once_of_an_address"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} also writes from {self.address_id}"


class Conversation(models.Model):
    """A thread, with what a list needs of it in its own row, so that a list reads no other table."""

    class Visibility(models.TextChoices):
        """What the public may see of it; only the gate (publishing) changes this."""

        PRIVATE = "private", _("private")
        PUBLIC = "public", _("public")

    number = models.CharField(max_length=20, unique=True)  # 2026-000123: for people, opens nothing
    subject = models.CharField(_("subject"), max_length=250)
    channel = models.CharField(max_length=30)
    contact_point = models.ForeignKey(ContactPoint, on_delete=models.PROTECT, related_name="conversations")
    function = models.ForeignKey(Function, on_delete=models.PROTECT, null=True, related_name="conversations")
    assignee = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="conversations")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="conversations")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.PRIVATE)
    language = models.CharField(max_length=20, blank=True)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # promised; cleared when we answer, set again when they write
    answered_at = models.DateTimeField(null=True)  # the first answer by a person
    closed_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    imported = models.BooleanField(
        default=False
    )  # begun by an old word brought home; later words may have come by themselves
    linked_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="linked")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    topics = models.ManyToManyField(Topic, blank=True)
    contact_name = models.CharField(max_length=200, blank=True)  # as shown in lists; never a protected name
    preview = models.CharField(max_length=160, blank=True)
    message_count = models.PositiveIntegerField(default=0)
    has_files = models.BooleanField(default=False)
    unread = models.BooleanField(default=True)  # their newest word has not been opened by staff
    doubted = models.BooleanField(default=False)  # our mail server says that it is not from its sender
    delivery_failed = models.BooleanField(
        default=False
    )  # an answer did not arrive and nothing has been sent since

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        indexes: ClassVar = [
            models.Index(fields=["-last_at", "-id"], name="conv_open", condition=Q(state="open")),
            models.Index(
                fields=["function", "-last_at", "-id"], name="conv_open_function", condition=Q(state="open")
            ),
            models.Index(
                fields=["assignee", "-last_at", "-id"], name="conv_open_assignee", condition=Q(state="open")
            ),
            models.Index(fields=["-last_at", "-id"], name="conv_waiting", condition=Q(state="waiting")),
            models.Index(
                fields=["function", "-last_at", "-id"],
                name="conv_wait_function",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["due_at"], name="conv_due", condition=Q(state="open", due_at__isnull=False)),
            models.Index(
                fields=["snoozed_until"], name="conv_snoozed", condition=Q(snoozed_until__isnull=False)
            ),
            models.Index(fields=["-last_at", "-id"], name="conv_failed", condition=Q(delivery_failed=True)),
            models.Index(fields=["-last_at", "-id"], name="conv_spam", condition=Q(state="spam")),
            models.Index(fields=["-last_at", "-id"], name="conv_all"),
            models.Index(fields=["function", "-last_at", "-id"], name="conv_function"),
            models.Index(fields=["contact", "-last_at"], name="conv_contact"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"


class Participant(models.Model):
    """A contact in a conversation, with the key of their own private link and their own choices.

    `key` is mailed: whoever has it reads the mailbox. Whoever types an address in a form proves nothing and is shown another,
    `typed_key`, which opens what came by it and no more (typed_keys).
    """

    typed = False  # not stored: whether this one was found by its typed key

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="participants")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="participations")
    channel = models.CharField(max_length=30)
    address = models.CharField(max_length=320, blank=True)  # where answers go; empty: only the private link
    key = models.CharField(max_length=20, unique=True, default=tokens.new_key)
    typed_key = models.CharField(max_length=20, null=True)  # noqa: DJ001  (none: nothing was typed)
    author = models.BooleanField(default=True)  # False: was copied in
    show_name = models.BooleanField(default=False)
    answer_by = models.CharField(max_length=10, default="same")  # contract.values.AnswerBy
    phone = models.CharField(max_length=60, blank=True)  # as told for this conversation, like the next
    postal_address = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conversation", "contact"], name="one_participation_a_contact"),
            models.UniqueConstraint(
                fields=["typed_key"], condition=Q(typed_key__isnull=False), name="one_typed_key"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} in {self.conversation_id}"

    @classmethod
    def of(cls, conversation: Conversation | int | models.OuterRef) -> models.QuerySet[Participant]:
        """Those who take part in that conversation, or in one that was merged into it."""
        return cls.objects.filter(Q(conversation=conversation) | Q(conversation__merged_into=conversation))

    @property
    def token(self) -> str:
        """The token of the private link in mails, and of the reply address: never for a page that anybody may have made."""
        return tokens.make("conversation", self.key)

    @property
    def shown_token(self) -> str:
        """The token of the private link that whoever wrote in a form is shown."""
        return tokens.make("conversation", self.typed_key or self.key)


class Message(models.Model):
    """One word in a conversation: theirs, ours, or a note among us. Its text is never changed."""

    class Direction(models.TextChoices):
        """Which way it went."""

        IN = "in", _("in")
        OUT = "out", _("out")
        NOTE = "note", _("note")

    class Author(models.TextChoices):
        """Who stands behind it."""

        RESIDENT = "resident", _("resident")
        STAFF = "staff", _("staff")
        AUTOMATIC = "automatic", _("automatic")

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="messages")
    direction = models.CharField(max_length=4, choices=Direction)
    author = models.CharField(max_length=10, choices=Author)
    kind = models.CharField(max_length=10, default="message")  # contract.values.Kind
    channel = models.CharField(max_length=30)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="messages")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="messages")
    co_signer = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+"
    )  # stands behind it beside the person
    function = models.ForeignKey(Function, on_delete=models.PROTECT, null=True, related_name="messages")
    envelope = models.OneToOneField(Envelope, on_delete=models.PROTECT, null=True, related_name="message")
    at = models.DateTimeField()  # when it reached us or was written here
    sent_at = models.DateTimeField(null=True)  # as the sender claims
    sender_address = models.CharField(max_length=320, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    recipients = models.JSONField(default=list)  # [[address, name], …] in To order
    copied = models.JSONField(default=list)
    subject = models.TextField(blank=True)
    text = models.TextField(blank=True)
    quoted = models.TextField(blank=True)
    # Characters of it that stood above the text.
    quoted_above = models.PositiveIntegerField(default=0, db_default=0)
    html = models.TextField(blank=True)  # sanitised
    language = models.CharField(max_length=20, blank=True)
    message_id = models.CharField(max_length=250, blank=True, db_index=True)
    references = models.JSONField(default=list)
    marks = models.JSONField(default=list)
    may_publish = models.BooleanField(
        null=True
    )  # the writer's own yes or no to this message; None: never asked
    place = models.CharField(max_length=250, blank=True)  # where it is, as the writer said
    shown_to = models.JSONField(default=list)  # ids of the participants that an outgoing word is for
    # Ids of the participants whose typed key opens it as well; null: it came from the address itself; empty: it is doubted.
    shown_typed = models.JSONField(null=True)
    before = models.JSONField(null=True)  # what the conversation was before an outgoing word, to take it back

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes: ClassVar = [models.Index(fields=["conversation", "at", "id"], name="message_thread")]

    def __str__(self) -> str:
        return f"{self.conversation_id}/{self.pk}"

    @property
    def cut(self) -> bool:
        """Whether more of it is kept, as it was received, than is shown."""
        return CUT in self.marks


class Attachment(models.Model):
    """A file of a message; its bytes lie in core.files under their digest, never under a public address."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    filename = models.CharField(max_length=250)
    content_type = models.CharField(max_length=150)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    content_id = models.CharField(max_length=250, blank=True)
    inline = models.BooleanField(default=False)
    role = models.CharField(max_length=12, default="attachment")  # contract.values.File.role

    def __str__(self) -> str:
        return self.filename


class Mention(models.Model):
    """Somebody was asked in a note."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="mentions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mentions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "person"], name="one_mention_a_note")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.message_id}"


class AwaitedReference(models.Model):
    """A Message-ID that a word refers to and that has not come: a reply can be faster than what it replies to."""

    message_id = models.CharField(max_length=250, db_index=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="awaited")

    def __str__(self) -> str:
        return self.message_id


class QueueCount(models.Model):
    """How many conversations a shared queue holds, kept in the transaction of each change: never counted live."""

    key = models.CharField(
        max_length=60, primary_key=True
    )  # "open", "waiting", "unassigned", "open:f12"; "version"
    value = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key}: {self.value}"
