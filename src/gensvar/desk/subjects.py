"""What a conversation is called at the head of its pane, and when a word in it has a subject of its own. Neighbour: pane."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from gensvar.contract.channel import arriving
from gensvar.contract.values import Arrival
from gensvar.conversations import cleaning
from gensvar.conversations.models import Conversation, Message

ANSWERED: Final = re.compile(r"^(?:\s*(?:re|sv|fw|fwd|vb|aw)\s*:)+", re.IGNORECASE)
PERHAPS_CUT: Final = (
    cleaning.LONGEST_SUBJECT // 2
)  # characters; what is cut between words has at least so many

OF_FORMS: Final = (gettext_noop("Comment"), gettext_noop("About"))  # what a form's own subject begins with


@dataclass(frozen=True, slots=True)
class Called:
    """The subject as shown, and the whole of it where that is longer; else empty."""

    shown: str
    whole: str = ""


def called(conversation: Conversation) -> Called:
    """The subject, which ends between words with "…" where it was cut; one more reading for a long one alone."""
    kept = conversation.subject
    if len(kept) < PERHAPS_CUT:
        return Called(as_read(conversation))
    first = conversation.messages.order_by("pk").values_list("subject", flat=True).first() or ""
    whole = first if _starts(first, kept) else kept
    whole = _in_readers_words(conversation, whole)
    shown = cleaning.subject_line(whole)
    return Called(shown, whole if whole != shown else "")


def as_read(conversation: Conversation) -> str:
    """The subject as its reader reads it: a form begins it with a word in the language of its page, which may be Arabic."""
    return _in_readers_words(conversation, conversation.subject)


def _in_readers_words(conversation: Conversation, subject: str) -> str:
    first, colon, rest = subject.partition(": ")
    word = _first_words().get(first) if conversation.channel in arriving(Arrival.FORM) else None
    return f"{_(word)}{colon}{rest}" if word and rest else subject


@functools.cache
def _first_words() -> Mapping[str, str]:
    """Those words in every language that public pages have or may have had, each with what it is called in the code."""
    found: dict[str, str] = {}
    for language in (*dict(settings.LANGUAGES), *settings.GENSVAR_LANGUAGES_LEFT):
        with override(language):
            found |= {_(word): word for word in OF_FORMS}
    return found


def own_subject(message: Message, conversation: Conversation) -> str:
    """The message's subject, where it says something else than its first words and than the conversation's, which a long one
    is cut to."""
    said, known = _bare(message.subject), _bare(conversation.subject)
    cut = len(known) >= PERHAPS_CUT and _starts(said, known)
    begins = message.text.lstrip().startswith(
        message.subject.removesuffix("…").rstrip()
    )  # a form's first line
    return "" if said == known or cut or begins else message.subject


def _starts(whole: str, kept: str) -> bool:
    return whole.startswith(kept.removesuffix(" …"))


def _bare(subject: str) -> str:
    """A subject without the marks that mail programs put before it."""
    return ANSWERED.sub("", subject).strip().casefold()
