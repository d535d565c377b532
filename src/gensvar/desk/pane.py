"""What the conversation's pane shows: its head, the thread with the delivery of each answer, what may be done, and what stands beside.

Neighbours: composer (the field one writes in), inbox (the page round it), acts (what the buttons do).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from django.db.models import Count, Max
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from gensvar.answers import cosigning
from gensvar.answers.models import Delivery
from gensvar.answers.protected import may_reveal
from gensvar.answers.queries import take_back_until
from gensvar.answers.sentences import recipient_shown
from gensvar.contactpoints.queries import former_addresses
from gensvar.conversations import queries, services
from gensvar.conversations.changing import OF_PERSONS
from gensvar.conversations.cleaning import DOUBTED, REUSED_ID
from gensvar.conversations.models import Conversation, Message
from gensvar.conversations.protecting import covered_reports, guarded, may_end, protected_addresses
from gensvar.conversations.returned import told_text
from gensvar.conversations.states import LIVE, State
from gensvar.conversations.topics import proposed
from gensvar.conversations.typed_keys import REPORTS
from gensvar.core import clock, topics
from gensvar.core.covering import cover
from gensvar.core.ids import row_id
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.desk import composer, knowing, other_addresses
from gensvar.desk.about import told
from gensvar.desk.absences.sentences import moves_of
from gensvar.desk.access import user_of
from gensvar.desk.delivered import DeliveryShown, delivery_shown
from gensvar.desk.place import Place
from gensvar.desk.reached import reached
from gensvar.desk.rows import Form, form_of, owner_word, turn_of, urgency_of
from gensvar.desk.senders import Named, also_to, named_in, who, who_cannot_read
from gensvar.desk.subjects import called, own_subject
from gensvar.desk.word_files import FileShown, files_of
from gensvar.learning.models import Outcome
from gensvar.people.models import Function, Person
from gensvar.people.queries import on_duty_who_may
from gensvar.publishing.about import verdicts

MOST_OUTCOMES: Final = 50  # to choose among
MOST_ALIKE: Final = 8  # answers to the same words that are looked at
MOST_SIMILAR: Final = 3  # of them that are shown


@dataclass(frozen=True, slots=True)
class Word:
    """One message of the thread, ready to be shown. `way` is in, out or note."""

    pk: int
    way: str
    automatic: bool
    who: str
    address: str
    recipients: str
    also_to: str  # whom else a mail of theirs was addressed to
    form: Form
    at: dt.datetime
    claimed_at: dt.datetime | None
    subject: str
    text: str
    where: str  # where it is, as they said on the form
    language: str  # BCP 47, as it came with the text; may be empty
    quoted: str
    html_url: str
    cut: bool
    received_url: str
    withheld: bool  # its bytes as received, since a protected person takes part
    files: list[FileShown]
    deliveries: list[DeliveryShown]
    undo_until: dt.datetime | None
    moving: bool
    marks: list[str]
    named: Named
    doubted: bool  # our own mail server says that it is not from its sender
    typed: bool  # in a form, by somebody who need not have the address


def context(
    request: HttpRequest, conversation: Conversation, place: Place, me: Person | None, **more: Any
) -> dict[str, Any]:
    """Everything the pane's template needs; opening a conversation marks it as seen. `me`: the reader's person."""
    user = user_of(request)
    if conversation.unread:
        services.mark_opened(conversation, by=user)
    return {
        "conversation": conversation,
        "called": called(conversation),
        "place": place,
        **words(request, conversation, place, me),
        "head": head_of(conversation, me),
        "may": allowed(user, conversation, me),
        "colleagues": on_duty_who_may(May.ANSWER).exclude(pk=me.pk if me else 0),
        "pass_on_to": Function.objects.filter(active=True).exclude(pk=conversation.function_id or 0),
        "snoozes": snoozes(),
        "moves": moves_of(conversation),
        "questions": asked_of(conversation, place, me),
        "to_sign": to_sign(conversation, me),
        "back_url": place.url,
        "publish_url": publish_url(user, conversation),
        **composer.context(request, conversation, me, **more),
        **beside(user, conversation, me),
    }


def asked_of(conversation: Conversation, place: Place, me: Person | None) -> list[dict[str, str]]:
    """The questions in notes here that wait for this reader: who asks, and where it stands."""
    asked = queries.asked(conversation, me) if me is not None else []
    return [
        {
            "name": one.message.sender_name,
            "url": place.url_of(conversation.number, word=one.message_id),
        }
        for one in asked
    ]


def to_sign(conversation: Conversation, me: Person | None) -> list[dict[str, Any]]:
    """The drafts here that this reader is asked to sign too, each with the mark of the words as they are shown."""
    asked = cosigning.asked_of(me, conversation.pk) if me is not None else []
    return [
        {"asked": one, "words": cosigning.words_of(one.draft), "signed": cosigning.has_signed(one)}
        for one in asked
    ]


def words(
    request: HttpRequest, conversation: Conversation, place: Place, me: Person | None
) -> dict[str, Any]:
    """The part of the thread that the address names, and where its other parts are.

    `seen` is the newest word at this moment, shown here or not: what comes after it is new to the reader. `to_read`: how
    many words of persons there are.
    """
    there = conversation.messages.aggregate(newest=Max("pk"), of_persons=Count("pk", filter=OF_PERSONS))
    part = queries.thread_part(
        conversation, until=_id(request.GET.get("until")), around=_id(request.GET.get("word"))
    )
    covered = covered_reports([message.pk for message in part.words if message.kind in REPORTS])
    named = any(also_to(message, conversation) for message in part.words)
    here = conversation.contact_point
    unsaid = protected_addresses(conversation) | former_addresses(here) if named else set()
    longer = [message.pk for message in part.words if message.cut]
    user = user_of(request)
    unreached = who_cannot_read(part.words)
    withheld = guarded([] if may_end(user) else longer)
    contacts = user.may(May.SEE_CONTACTS)
    shown = [
        word_of(
            message,
            conversation,
            me,
            covered=message.pk in covered,
            unsaid=unsaid,
            withheld=message.pk in withheld,
            contacts=contacts,
            unreached=unreached,
        )
        for message in part.words
    ]
    number = conversation.number
    return {
        "words": shown,
        "seen": there["newest"] or 0,
        "to_read": there["of_persons"],
        "here_url": place.url_of(number),
        "earlier_url": place.url_of(number, until=shown[0].pk) if part.earlier else "",
        "later_url": "" if part.newest or not shown else place.url_of(number, word=shown[-1].pk),
    }


def _id(text: str | None) -> int | None:
    """The id that an address names; None for what is none."""
    return row_id(text) or None


def publish_url(user: User, conversation: Conversation) -> str:
    """Where the exchange may be made public; empty for those who may not."""
    return reverse("desk:publish", args=[conversation.number]) if user.may(May.PUBLISH) else ""


def head_of(conversation: Conversation, me: Person | None) -> dict[str, Any]:
    """The line under the subject: function, whose it is, whose turn, what is promised."""
    now = clock.now()
    assignee = conversation.assignee
    names = {assignee.pk: assignee.name} if assignee else {}
    return {
        "function": conversation.function,
        "owner": owner_word(conversation.assignee_id, names, me),
        "turn": turn_of(conversation, now),
        "urgency": urgency_of(conversation, now),
        "form": form_of(conversation.channel),
    }


def allowed(user: User, conversation: Conversation, me: Person | None) -> dict[str, bool]:
    """Which buttons stand there: what the role gives and the state allows."""
    state = conversation.state
    live = state in LIVE
    return {
        "assign": live and user.may(May.ASSIGN),
        "note": me is not None and user.may(May.NOTE),
        "take": live and user.may(May.ASSIGN) and me is not None and conversation.assignee_id != me.pk,
        "let_go": live and user.may(May.ASSIGN) and conversation.assignee_id is not None,
        "pass_on": live and user.may(May.PASS_ON),
        "close": live and user.may(May.CLOSE),
        "reopen": state in {State.WAITING, State.CLOSED} and user.may(May.CLOSE),
        "snooze": state == State.OPEN and conversation.snoozed_until is None and user.may(May.CLOSE),
        "wake": state == State.OPEN and conversation.snoozed_until is not None and user.may(May.CLOSE),
        "spam": state != State.SPAM and user.may(May.MARK_SPAM),
        "not_spam": state == State.SPAM and user.may(May.MARK_SPAM),
        "link": user.may(May.ASSIGN) and state != State.SPAM,
        "publish": user.may(May.PUBLISH),
        "contacts": user.may(May.SEE_CONTACTS),
    }


def snoozes() -> list[tuple[str, str]]:
    """The nights one may let a conversation sleep, as (value, words); any day can be chosen beside them."""
    today = clock.today()
    monday = today + dt.timedelta(days=7 - today.weekday())
    return [
        ((today + dt.timedelta(days=1)).isoformat(), _("until tomorrow")),
        (monday.isoformat(), _("until Monday")),
        ((today + dt.timedelta(days=14)).isoformat(), _("for two weeks")),
    ]


def word_of(
    message: Message,
    conversation: Conversation,
    me: Person | None,
    *,
    covered: bool = False,
    unsaid: Collection[str] = (),
    withheld: bool = False,
    contacts: bool = False,
    unreached: Mapping[int, bool] = MappingProxyType({}),
) -> Word:
    """A message with its files and deliveries, which `queries.thread` has fetched beforehand.

    `covered`: its text is shown to nobody; `unsaid`: addresses that no word may name as sent to; `withheld`: this reader is
    not given its bytes as received; `contacts`: this reader may see contacts, and so the number that one phones;
    `unreached`: whom notes name and who cannot open them.
    """
    deliveries = [d for d in message.deliveries.all() if d.kind != Delivery.Kind.NOTICE]
    own = me is not None and message.person_id == me.pk
    contact = message.contact or conversation.contact
    hidden = contact is not None and contact.protected
    report = message.kind in REPORTS
    return Word(
        pk=message.pk,
        way=message.direction,
        automatic=message.author == Message.Author.AUTOMATIC or message.kind not in ("message", "outcome"),
        who=who(message, conversation),
        address=message.sender_address if message.direction == Message.Direction.IN and not hidden else "",
        recipients=", ".join(sorted({recipient_shown(d, contacts=contacts) for d in deliveries} - {""})),
        also_to="" if hidden or covered else also_to(message, conversation, unsaid),
        form=form_of(message.channel),
        at=message.at,
        claimed_at=_claimed(message),
        subject=own_subject(message, conversation),
        text=_covered_words() if covered else cover(told_text(message)),
        where="" if covered else cover(message.place),
        language="" if covered else message.language,
        quoted="" if report else cover(message.quoted),
        html_url=reverse("desk:html", args=[message.pk]) if message.html and not report else "",
        cut=message.cut,
        received_url="" if withheld or report else _received_url(message),
        withheld=withheld,
        files=[] if covered else files_of(message),
        deliveries=[delivery_shown(d, contacts=contacts) for d in deliveries],
        undo_until=take_back_until(message) if own else None,
        moving=any(d.state in {Delivery.State.WAITING, Delivery.State.DELAYED} for d in deliveries),
        marks=_marks_of(message),
        named=named_in(message, unreached),
        doubted=DOUBTED in message.marks,
        typed=message.direction == Message.Direction.IN and bool(message.shown_typed) and not hidden,
    )


def _covered_words() -> str:
    return _("It is not shown, since it says where a protected person is reached.")


def _received_url(message: Message) -> str:
    return reverse("desk:received", args=[message.pk]) if message.cut else ""


def _claimed(message: Message) -> dt.datetime | None:
    """The sender's own time, where it differs by more than a day from when the word reached us."""
    if message.sent_at and abs(message.at - message.sent_at) > dt.timedelta(days=1):
        return message.sent_at
    return None


def _marks_of(message: Message) -> list[str]:
    said = _mark_words()
    return [said[mark] for mark in dict.fromkeys((*message.marks, message.kind)) if mark in said]


def _mark_words() -> dict[str, str]:
    return {
        "signed": _("signed"),
        "encrypted": _("encrypted: we cannot read it"),
        "list": _("from a mailing list"),
        "repaired": _("parts of it were broken and have been mended"),
        "html-only": _("made from HTML"),
        REUSED_ID: _("another mail came before it under the same Message-ID; both are kept"),
        **dict.fromkeys(
            REPORTS,
            _("the mail that came back is kept but shown to nobody: it may open what is somebody else's"),
        ),
        "outcome": _("told to those who took part: what it led to"),
    }


def beside(user: User, conversation: Conversation, me: Person | None) -> dict[str, Any]:
    """The last column: who they are, what else they asked, answers like this one, and who might know."""
    alike = queries.similar_answers(conversation, limit=MOST_ALIKE)
    about = _about(user, conversation)
    return {
        **other_addresses.card(user, conversation),
        **reached(user, conversation),
        "may_reveal": may_reveal(user, conversation),
        "similar": _visible(user, alike)[:MOST_SIMILAR],
        "judged": verdicts.of_conversation(conversation.pk),
        "told": told(conversation),
        "linked": list(queries.visible_to(user).filter(linked_from=conversation)[:5]),
        "knowing": knowing.shown(
            conversation, about=about["topics"] or about["proposed_topics"], alike=alike, me=me
        )
        if conversation.state != State.SPAM
        else [],
        **about,
        **_led_to(user, conversation),
    }


def _led_to(user: User, conversation: Conversation) -> dict[str, Any]:
    """What it led to, and for those who may say so what else it could have led to: what changed or began last."""
    rows = Outcome.objects.filter(
        conversation_ties__conversation=conversation, conversation_ties__ended_at=None
    )
    led_to = list(rows.select_related("newest").order_by("-pk")[:10])
    if not user.may(May.PROPOSE_OUTCOMES) or conversation.state == State.SPAM:
        return {"led_to": led_to, "may_lead_to": False}
    others = Outcome.objects.exclude(pk__in=[one.pk for one in led_to])
    others = others.exclude(state=Outcome.State.WITHDRAWN).order_by("-pk")[:MOST_OUTCOMES]
    return {"led_to": led_to, "may_lead_to": True, "outcomes": list(others)}


def _about(user: User, conversation: Conversation) -> dict[str, Any]:
    """What it is about, what else it could be, and what earlier words propose; only for those who may say so."""
    chosen = list(conversation.topics.all())
    if not user.may(May.ASSIGN):
        return {"topics": chosen, "vocabulary": [], "proposed_topics": []}
    vocabulary = list(topics.in_use())
    proposals = proposed(conversation) if vocabulary else []
    return {"topics": chosen, "vocabulary": vocabulary, "proposed_topics": proposals}


def _visible(user: User, answers: list[Message]) -> list[Message]:
    """Of the answers, newest first, the newest of each conversation that this user may see."""
    newest = {message.conversation_id: message for message in reversed(answers)}
    seen = queries.visible_to(user).filter(pk__in=newest)
    visible = set(seen.values_list("pk", flat=True)) if answers else set()
    return [one for one in answers if one.conversation_id in visible and one is newest[one.conversation_id]]
