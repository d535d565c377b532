"""Notes among staff, and whom they ask. Neighbours: answers tells the asked by mail."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from django.utils.translation import gettext as _

from gensvar.conversations import cleaning
from gensvar.conversations.asked import seen_to
from gensvar.conversations.changing import acting, mark_anew, put_in_index
from gensvar.conversations.events import PersonMentioned
from gensvar.conversations.models import Conversation, Mention, Message
from gensvar.conversations.stems import indexed
from gensvar.core import clock
from gensvar.core.events import emit
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people.models import Person
from gensvar.people.queries import person_of

MOST_ASKED: Final = 20
_AT: Final = re.compile(r"(?<![\w@.])@(?=\w)")

__all__ = ["add_note", "asked_in", "called_in_notes"]


def add_note(conversation: Conversation, text: str, *, by: User, asks: Sequence[Person] = ()) -> Message:
    """Write a note that only staff see. "@Kim Ek", or "@Kim" where there is one Kim, asks that person, as `asks` does; of two
    of one name "@Kim Ek, rektor" (called_in_notes), and both where no title tells.

    Who is asked may see the conversation from then on, and has it among their questions until they write there themselves.
    Raises NotAllowed, ValueError for an empty note.
    """
    text = cleaning.text(text.replace("\r\n", "\n")).strip()
    if not text:
        raise ValueError(_("A note needs words."))
    with acting(conversation, by, May.NOTE, "note") as found:
        person = person_of(by)
        message = Message.objects.create(
            conversation=found,
            direction=Message.Direction.NOTE,
            author=Message.Author.STAFF,
            channel=found.channel,
            person=person,
            sender_name=person.name if person else str(by),
            at=clock.now(),
            text=text,
        )
        found.message_count += 1
        put_in_index(message, found, indexed(text, message.sender_name))
        named = asked_in(text, Person.objects.filter(active=True).only("pk", "name", "title").order_by("pk"))
        seen_to(found, person)
        asked = list({one.pk: one for one in (*asks, *named)}.values())
        for colleague in asked:
            mention = Mention.objects.create(message=message, person=colleague, by=by)
            emit(PersonMentioned(mention_id=mention.pk))
        if asked:
            mark_anew(found)
    return message


def asked_in(text: str, people: Iterable[Person]) -> list[Person]:
    """The persons whom a note names after an @: by whole name, with title where several have that name and it tells them
    apart, else all of that name; else by a first name that only one of them has."""
    whole: dict[str, list[Person]] = {}
    first_names: dict[str, list[Person]] = {}
    for person in people:
        name = person.name.casefold()
        first_names.setdefault(name.split(" ")[0], []).append(person)
        for called in {name, _with_title(person).casefold()}:
            whole.setdefault(called, []).append(person)
    found: dict[int, Person] = {}
    folded = text.casefold()
    for at in _AT.finditer(folded):
        rest = folded[at.end() :]
        named = [
            name for name in whole if rest.startswith(name) and not rest[len(name) : len(name) + 1].isalnum()
        ]
        first = first_names.get(re.match(r"[\w\-]+", rest)[0], [])  # type: ignore[index]
        meant = whole[max(named, key=len)] if named else first if len(first) == 1 else []
        found |= {person.pk: person for person in meant}
    return list(found.values())[:MOST_ASKED]


def called_in_notes(people: Iterable[Person]) -> list[str]:
    """What asks each of them after an @: the name, and the title where somebody else who works here has that name. One query."""
    here = Counter(
        name.casefold() for name in Person.objects.filter(active=True).values_list("name", flat=True)
    )
    return [_with_title(one) if here[one.name.casefold()] > 1 else one.name for one in people]


def _with_title(person: Person) -> str:
    return f"{person.name}, {person.title}" if person.title else person.name
