"""Finds conversations by what was said in them: newest first, in Swedish, never one that the asker may not see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from gensvar.conversations import index
from gensvar.conversations.changing import living
from gensvar.conversations.cleaning import LONGEST_QUOTED
from gensvar.conversations.models import Conversation, Message
from gensvar.conversations.numbering import number_in
from gensvar.conversations.pages import Page
from gensvar.conversations.protecting import covered_reports
from gensvar.conversations.returned import told_files, told_text
from gensvar.conversations.states import State
from gensvar.conversations.stems import indexed, sought
from gensvar.conversations.typed_keys import REPORTS
from gensvar.conversations.visibility import visible_to
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people.models import Function
from gensvar.people.queries import functions_of, person_of

STEP: Final = 100  # messages looked at in one go
MOST_STEPS: Final = 20
MOST_WORDS: Final = 12  # of one question


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the index: one stem of each word, all of some marks, one of those that the asker may see."""

    stems: Sequence[index.Asked]
    any_of: Sequence[str]
    all_of: Sequence[str]


def search_messages(
    user: User,
    text: str,
    *,
    before: tuple[dt.datetime, int] | None = None,
    function: Function | None = None,
    channel: str | None = None,
    state: str | None = None,
    contact_id: int | None = None,
    size: int = 25,
) -> Page:
    """Conversations with a message that holds all the words, newest message first; spam only if `state` asks for it.

    Where the text is a conversation's number, that one stands first, in whatever state. `before` is the `next` of the page
    before. A question without words finds nothing.
    """
    question = _question(user, text, function, channel)
    if question is None:
        return Page([], None)
    allowed = visible_to(user).filter(merged_into=None)
    allowed = allowed.filter(state=state) if state else allowed.exclude(state=State.SPAM)
    if contact_id is not None:
        allowed = allowed.filter(contact_id=contact_id)
    numbered = _numbered(user, text, state)
    allowed = allowed.exclude(pk__in=[one.pk for one in numbered])
    if before is None:
        size -= len(numbered)
    found: dict[int, tuple[Conversation, int]] = {}
    ceiling = below = before[1] if before else None
    for _ in range(MOST_STEPS):
        ids = index.newest(question.stems, question.any_of, question.all_of, below=below, limit=STEP)
        for conversation, message in _conversations(ids, found, allowed, question, ceiling):
            found[conversation.pk] = (conversation, message)
            if len(found) > size:
                break
        if len(found) > size or len(ids) < STEP:
            break
        below = ids[-1]
    rows = list(found.values())
    more = rows[size - 1] if len(rows) > size else None
    shown = rows[:size]
    hits = {row.pk: message for row, message in shown}
    first = numbered if before is None else []
    return Page([*first, *(row for row, _ in shown)], (more[0].last_at, more[1]) if more else None, hits)


def _numbered(user: User, text: str, state: str | None) -> list[Conversation]:
    """The conversation whose number the text is, where the user may see it; one that was merged leads on. No query for words."""
    if not (number := number_in(text)):
        return []
    seen = visible_to(user)
    found = [living(one) for one in seen.filter(number=number).select_related("merged_into")]
    here = seen.filter(pk__in=[one.pk for one in found])
    return list(here.filter(state=state) if state else here)


def _question(user: User, text: str, function: Function | None, channel: str | None) -> Question | None:
    words = sought(text[:500])[:MOST_WORDS]
    if not words or not (user.may(May.READ_ALL) or user.may(May.READ_OWN)):
        return None
    all_of = [f"=f{function.pk}"] if function is not None else []
    all_of += [f"=c{channel}"] if channel else []
    if user.may(May.READ_ALL):
        return Question(words, (), all_of)
    mine = [f"=f{pk}" for pk in functions_of(user).values_list("pk", flat=True)]
    person = person_of(user)
    mine += [f"=p{person.pk}"] if person is not None else []
    return Question(words, mine, all_of) if mine else None


def _conversations(
    ids: Sequence[int],
    known: dict[int, tuple[Conversation, int]],
    allowed: object,
    question: Question,
    ceiling: int | None,
) -> list[tuple[Conversation, int]]:
    """The conversations of these messages that were not yet shown, each with its newest message that matched."""
    from django.db.models import QuerySet

    assert isinstance(allowed, QuerySet)
    newest: dict[int, int] = {}
    for message, conversation in sorted(_told(ids, question).items(), reverse=True):
        if conversation not in known:
            newest.setdefault(conversation, message)
    if ceiling is not None and newest:
        newest = _not_shown(newest, question, ceiling)
    rows = allowed.in_bulk(list(newest)) if newest else {}
    return [(rows[pk], message) for pk, message in newest.items() if pk in rows]


def _not_shown(newest: dict[int, int], question: Question, ceiling: int) -> dict[int, int]:
    """Without those that stood on an earlier page, for a newer message that matched as well."""
    newer = Message.objects.filter(conversation__in=list(newest), pk__gte=ceiling).values_list(
        "pk", flat=True
    )
    found = index.among(list(newer), question.stems, question.any_of, question.all_of)
    shown = set(_told(found, question).values()) if found else set()
    return {conversation: message for conversation, message in newest.items() if conversation not in shown}


def _told(ids: Collection[int], question: Question) -> dict[int, int]:
    """Of these messages, each with its conversation, without those that only a protected identity's name or address answers:
    nobody learns by asking whose it is, or whether we know it. Nor what stood in a mail of ours that a report brought back."""
    rows = list(
        Message.objects.filter(pk__in=ids).values_list("pk", "conversation_id", "kind", "contact__protected")
    )
    covered = covered_reports([pk for pk, _conversation, kind, _writer in rows if kind in REPORTS])
    found, hidden = dict[int, int](), list[int]()
    for pk, conversation, kind, writer in rows:
        if pk not in covered:
            found[pk] = conversation
            hidden += [pk] if writer or kind in REPORTS else []
    partly = Message.objects.filter(pk__in=hidden).select_related("contact")
    for message in partly.prefetch_related("attachments") if hidden else ():
        if not _says(message, question):
            del found[message.pk]
    return found


def _says(message: Message, question: Question) -> bool:
    """Whether what is shown of it answers: of a protected person not who they are, of a report not what it brought back."""
    words = [
        message.subject,
        told_text(message),
        message.place,
        " ".join(file.filename for file in told_files(message)),
    ]
    if message.kind not in REPORTS:
        words.append(message.quoted[:LONGEST_QUOTED])
    if message.contact is None or not message.contact.protected:
        words += [message.sender_name, message.sender_address]
    said = set(indexed(*words))
    return all(not said.isdisjoint((asked,) if isinstance(asked, str) else asked) for asked in question.stems)
