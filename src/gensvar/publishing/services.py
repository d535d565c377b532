"""Bringing an exchange to the public: proposed texts, a person's approval of each, publishing and withdrawing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from gensvar.conversations import services as conversations
from gensvar.conversations.forwards import FORWARD, forwarded
from gensvar.conversations.models import Attachment, Conversation, Message
from gensvar.conversations.other_addresses import names_of_those_in
from gensvar.conversations.protecting import protected_writer
from gensvar.conversations.queries import visible_to
from gensvar.conversations.turns import take_turn
from gensvar.core import audit, clock, files, freshness, personal_data, topics
from gensvar.core.access import NotAllowed, require
from gensvar.core.models import User
from gensvar.core.personal_data import Kind
from gensvar.core.roles import May
from gensvar.people.queries import coordinating_function
from gensvar.publishing import events, gate, indexing, pictures, short_links
from gensvar.publishing.models import PublicExchange, PublicPicture, PublicText, ShortLink
from gensvar.publishing.own_names import proposed

NEVER_IN_AN_ANSWER: Final = frozenset({Kind.SECRET_LINK, Kind.IDENTITY_NUMBER, Kind.NAME})
NEVER_IN_A_QUESTION: Final = NEVER_IN_AN_ANSWER | {Kind.EMAIL, Kind.PHONE, Kind.ACCOUNT}
# “Hej [namn],” greets nobody: the proposal says “Hej,”. Placeholders are the masking's own.
_GREETED: Final = re.compile(
    r"\A(\s*(?:Hej(?: och välkomna hit)?|Hello|Hi|Hei|Dear|Kära))\s+\[[^\]\n]{1,20}\](?=[\s,!.])"
)


class NotPublishable(Exception):
    """This cannot be shown to the public yet; nothing was changed. `reasons` are sentences for the person who tried."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


def known_names(conversation: Conversation) -> list[str]:
    """The names of the residents who take part, in every form that we know, and of staff who are not named in public.

    Those of another address that staff hold to be the same person's are among them.
    """
    names = names_of_those_in([conversation.pk])
    messages = conversation.messages.filter(direction=Message.Direction.IN)
    names |= {name for name in messages.values_list("sender_name", flat=True) if name.strip()}
    staff = conversation.messages.filter(Q(person__shown=False) | Q(co_signer__shown=False))
    behind = staff.values_list("person__shown", "person__name", "co_signer__shown", "co_signer__name")
    for person_shown, person, co_signer_shown, co_signer in behind:
        names |= {
            name
            for shown, name in ((person_shown, person), (co_signer_shown, co_signer))
            if name and not shown
        }
    return sorted(names, key=lambda name: (-len(name), name))


def left_in(
    *texts: str, names: Sequence[str] = (), kinds: frozenset[Kind] = NEVER_IN_A_QUESTION
) -> list[str]:
    """A sentence that names the personal data of these kinds in these texts, where there are any.

    `names` are those that are looked for beside what looks like a name.
    """
    found = (one for text in texts for one in personal_data.find(text, known_names=names))
    left = ", ".join(sorted({one.text for one in found if one.kind in kinds}))
    return [_("Personal data are left in the text: %(found)s.") % {"found": left}] if left else []


@transaction.atomic
def prepare(conversation: Conversation, *, by: User) -> PublicExchange:
    """The public side of a conversation with a proposed text for each word that has none; nothing is shown by this."""
    _require(by, conversation)
    names = known_names(conversation)
    function = conversation.function or coordinating_function()
    if function is None:
        raise NotPublishable(
            [_("Pass the question to a function first: an answer in public needs one behind it.")]
        )
    exchange = PublicExchange.objects.filter(conversation=conversation).first()
    if exchange is None:
        language = conversation.language or "sv"
        title = personal_data.proposal(
            conversation.subject, known_names=names, language=language
        ).text.strip()
        exchange = PublicExchange.objects.create(
            conversation=conversation,
            number=conversation.number,
            title=title[:200] or conversation.number,
            slug=_slug(title),
            language=language[:20],
            function=function,
        )
        exchange.topics.set(conversation.topics.all())
        audit.note(by, "publishing.prepared", exchange)
    # What was prepared before its conversation became part of this one is approved anew, beside the words that are here.
    PublicText.objects.filter(message__conversation=conversation).exclude(exchange=exchange).update(
        exchange=exchange, approved=False, approved_at=None, approved_by=None
    )
    have = set(exchange.texts.values_list("message_id", flat=True))
    for message in words_of(conversation).select_related("contact", "person", "co_signer"):
        if message.pk not in have:
            text = proposed(message, names, message.language or exchange.language)
            PublicText.objects.create(
                exchange=exchange,
                message=message,
                text=_GREETED.sub(r"\1", text, count=1),
                shown_name=message.contact.name if message.contact else "",
            )
    return exchange


def words_of(conversation: Conversation) -> QuerySet[Message]:
    """What they and we said to each other: no note, nothing that went outside, and no machine's word.

    What it led to stands on a page of its own.
    """
    return conversation.messages.filter(
        direction__in=[Message.Direction.IN, Message.Direction.OUT],
        author__in=[Message.Author.RESIDENT, Message.Author.STAFF],
        kind="message",
    ).exclude(forwarded())


def texts_of(exchange: PublicExchange) -> QuerySet[PublicText]:
    """What is proposed or approved of these words, unordered; none of a forward, which was once proposed like an answer."""
    return exchange.texts.exclude(forwarded("message__"))


def closed_to_all(conversation: Conversation) -> list[str]:
    """A sentence that says why nothing that is said here is shown to the public, whatever is approved; where it is so."""
    if not Conversation.objects.filter(protected_writer("pk"), pk=conversation.pk).exists():
        return []
    return [_("Somebody who wrote here has a protected identity. Nothing that we answered is public.")]


@transaction.atomic
def save_title(exchange: PublicExchange, title: str, *, by: User) -> None:
    """Change the headline. Raises NotPublishable for an empty one, or while published if personal data stand in it."""
    _require(by, exchange.conversation)
    title = " ".join(title.split())[:200]
    if not title:
        raise NotPublishable([_("Write a headline.")])
    exchange.title, exchange.slug = title, _slug(title)
    if exchange.state == PublicExchange.State.PUBLISHED and (reasons := _reasons(exchange)):
        raise NotPublishable(reasons)
    with _as_seen(exchange):
        exchange.save(update_fields=["title", "slug"])


@transaction.atomic
def save_topics(exchange: PublicExchange, slugs: Sequence[str], *, by: User) -> None:
    """Say what the public side is about; the conversation's own topics stay as they are. Unknown words are left aside."""
    _require(by, exchange.conversation)
    chosen = list(topics.in_use().filter(slug__in=list(slugs)))
    with _as_seen(exchange):
        exchange.topics.set(chosen)
    audit.note(by, "publishing.topics", exchange, topics=[one.slug for one in chosen])


@transaction.atomic
def save_text(text: PublicText, new: str, *, by: User) -> None:
    """Change what would be seen of one word. A changed text is approved anew, never by the old approval."""
    take_turn()
    _require(by, text.exchange.conversation)
    new = _as_written(new)
    if new == text.text:
        return
    text.text, text.approved, text.approved_at, text.approved_by = new, False, None, None
    with _as_seen(text.exchange, text):
        text.save()
    _count_anew(text)


def save_and_approve(text: PublicText, new: str, *, by: User) -> None:
    """Both as one change, of which feeds' readers hear once. Raises NotPublishable as `approve` does: then it is only saved."""
    before = text.text
    try:
        text.text = _as_written(new)
        approve(text, by=by)
    except NotPublishable:
        text.text = before
        save_text(text, new, by=by)
        raise


def _as_written(new: str) -> str:
    return new.replace("\r\n", "\n").strip()


@transaction.atomic
def approve(text: PublicText, *, by: User) -> None:
    """Say that this very text may be seen. Raises NotPublishable where its writer said no or personal data remain."""
    take_turn()
    _require(by, text.exchange.conversation)
    if reasons := _text_reasons(text, known_names(text.exchange.conversation)):
        raise NotPublishable(reasons)
    text.approved, text.approved_at, text.approved_by = True, clock.now(), by
    with _as_seen(text.exchange, text):
        text.save()
    _count_anew(text)
    audit.note(by, "publishing.approved", text)


def _count_anew(text: PublicText) -> None:
    """Since when its question is answered: an answer of ours may have come to stand in public, or stands there no more."""
    if PublicExchange.objects.filter(pk=text.exchange_id, state=PublicExchange.State.PUBLISHED).exists():
        conversations.record_said(text.exchange.conversation)


@contextmanager
def _as_seen(exchange: PublicExchange, text: PublicText | None = None) -> Iterator[None]:
    """What is written inside to an exchange, or to one of its words, is found, and told to feeds' readers, where it is seen.

    What nobody sees takes nothing away from the public, and their pages need not wait. The exchange's row is locked, so that
    nobody publishes it meanwhile; that of its text before it, as whoever writes both does.
    """
    words = PublicText.objects.none() if text is None else PublicText.objects.filter(pk=text.pk)
    was_there = text is None or True in words.select_for_update().values_list("approved", flat=True)
    locked = PublicExchange.objects.select_for_update().filter(pk=exchange.pk)
    public = PublicExchange.State.PUBLISHED in locked.values_list("state", flat=True)
    before = events.of_exchange(exchange) if public else None
    with nullcontext() if public and was_there else freshness.adding():
        yield
        if public and not was_there and not words.filter(approved=True).exists():
            return
        indexing.refresh(exchange.number)
    if before is not None:
        events.tell_exchange(exchange, before)


@transaction.atomic
def unapprove(text: PublicText, *, by: User) -> None:
    """Take the approval of one word back; it is no longer seen."""
    take_turn()
    _require(by, text.exchange.conversation)
    text.approved, text.approved_at, text.approved_by = False, None, None
    with _as_seen(text.exchange, text):
        text.save()
    _count_anew(text)
    audit.note(by, "publishing.unapproved", text)


def add_picture(text: PublicText, attachment: Attachment, alternative: str, *, by: User) -> PublicPicture:
    """Show a picture with the word: re-made without metadata. Raises NotPublishable where it is none or has no words."""
    _require(by, text.exchange.conversation)
    if attachment.message_id != text.message_id:
        raise NotAllowed("That picture belongs to another message.")
    if not alternative.strip():
        raise NotPublishable([_("Say in words what the picture shows, for those who cannot see it.")])
    try:
        made = pictures.clean(files.read(attachment.sha256))
    except pictures.NotAPicture as error:
        raise NotPublishable(
            [_("This file cannot be shown as a picture. It stays with the message.")]
        ) from error
    sha256 = files.keep(made.data)
    with transaction.atomic(), _as_seen(text.exchange, text):
        row, _new = PublicPicture.objects.update_or_create(
            attachment=attachment,
            defaults={
                "text": text,
                "alternative": alternative.strip()[:300],
                "content_type": made.content_type,
                "sha256": sha256,
                "width": made.width,
                "height": made.height,
            },
        )
        audit.note(by, "publishing.picture_added", row)
    return row


@transaction.atomic
def remove_picture(picture: PublicPicture, *, by: User) -> None:
    """Show the picture no longer; the file as it came stays with its message."""
    _require(by, picture.text.exchange.conversation)
    audit.note(by, "publishing.picture_removed", picture)
    with _as_seen(picture.text.exchange, picture.text):
        picture.delete()


@transaction.atomic
def record_yes(message: Message, how: str, *, by: User) -> None:
    """Note that the writer agreed in another way than on the form; `how` says which and stands in the audit log."""
    take_turn()
    _require(by, message.conversation)
    if not how.strip():
        raise NotPublishable([_("Say how the writer agreed: by phone, at a meeting, in a mail.")])
    exchange = PublicExchange.objects.filter(conversation=message.conversation_id).first()
    with _as_seen(exchange) if exchange is not None else nullcontext():
        message.may_publish = True
        message.save(update_fields=["may_publish"])
    audit.note(by, "publishing.yes_recorded", message, how=how.strip()[:200])


@transaction.atomic
def follow_choice(conversation: int) -> None:
    """What the gate itself asks of that conversation (its id), as what its writers agree to, is another: feeds' readers are told."""
    take_turn()
    exchange = PublicExchange.objects.filter(conversation=conversation).select_related("function").first()
    if exchange is not None:
        with _as_seen(exchange):
            pass  # it is written already


@transaction.atomic
@freshness.adding()
def publish(exchange: PublicExchange, *, by: User) -> None:
    """Let the public see it. Raises NotPublishable with every reason why not."""
    take_turn()  # first, as whoever fails a delivery does
    _require(by, exchange.conversation)
    if reasons := _reasons(exchange):
        raise NotPublishable(reasons)
    now = clock.now()
    exchange.state = PublicExchange.State.PUBLISHED
    exchange.published_at = exchange.published_at or now
    exchange.published_by, exchange.withdrawn_at, exchange.withdrawn_reason = by, None, ""
    exchange.save()
    Conversation.objects.filter(pk=exchange.conversation_id).update(visibility=Conversation.Visibility.PUBLIC)
    exchange.conversation.visibility = Conversation.Visibility.PUBLIC
    indexing.refresh(exchange.number)
    short_links.make(ShortLink.Kind.EXCHANGE, exchange.number, by=by)
    conversations.record_said(exchange.conversation)
    events.tell_exchange(exchange)
    audit.note(by, "publishing.published", exchange)


@transaction.atomic
def withdraw(exchange: PublicExchange, reason: str, *, by: User) -> None:
    """Show it no longer; what stood there and why it went are kept. Raises NotPublishable without a reason."""
    take_turn()
    _require(by, exchange.conversation)
    if not reason.strip():
        raise NotPublishable([_("Say why it is withdrawn; the reason is kept.")])
    exchange.state, exchange.withdrawn_at, exchange.withdrawn_reason = (
        PublicExchange.State.WITHDRAWN,
        clock.now(),
        reason.strip(),
    )
    exchange.save()
    Conversation.objects.filter(pk=exchange.conversation_id).update(
        visibility=Conversation.Visibility.PRIVATE
    )
    indexing.refresh(exchange.number)
    conversations.record_said(exchange.conversation)
    events.tell_exchange(exchange)
    audit.note(by, "publishing.withdrawn", exchange, reason=reason.strip()[:200])


def _require(by: User, conversation: Conversation) -> None:
    require(by, May.PUBLISH)
    if not visible_to(by).filter(pk=conversation.pk).exists():
        raise NotAllowed("This conversation is not yours to see.")


def _slug(title: str) -> str:
    return slugify(title)[:80].strip("-") or "fraga"


def _reasons(exchange: PublicExchange) -> list[str]:
    names = known_names(exchange.conversation)
    reasons = [
        reason for text in texts_of(exchange).filter(approved=True) for reason in _text_reasons(text, names)
    ]
    if left_in(exchange.title, names=names):
        reasons.append(_("The headline holds personal data."))
    if closed := closed_to_all(exchange.conversation):
        reasons += closed
    elif gate.as_it_would_be(exchange) is None:
        reasons.append(_("Approve at least the first question and one answer."))
    return reasons


def _text_reasons(text: PublicText, names: Sequence[str]) -> list[str]:
    message = text.message
    reasons = []
    if not text.text.strip():
        reasons.append(_("The text is empty."))
    if message.contact is not None and message.contact.protected:
        reasons.append(_("The writer has a protected identity; nothing of theirs is published."))
    if message.may_publish is False:
        reasons.append(_("The writer was asked and has not said yes to this message."))
    if FORWARD in message.marks:
        reasons.append(_("This went to somebody outside with what was said here. It is no answer."))
    ours = message.direction == Message.Direction.OUT
    kinds = NEVER_IN_AN_ANSWER if ours else NEVER_IN_A_QUESTION
    return reasons + left_in(text.text, names=names, kinds=kinds)
