"""What a conversation is called at the head of its pane, and when a word in it has a subject of its own. Neighbour: pane."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gensvar.conversations import cleaning
from gensvar.conversations.models import Conversation, Message

ANSWERED: Final = re.compile(r"^(?:\s*(?:re|sv|fw|fwd|vb|aw)\s*:)+", re.IGNORECASE)
PERHAPS_CUT: Final = (
    cleaning.LONGEST_SUBJECT // 2
)  # characters; what is cut between words has at least so many


@dataclass(frozen=True, slots=True)
class Called:
    """The subject as shown, and the whole of it where that is longer; else empty."""

    shown: str
    whole: str = ""


def called(conversation: Conversation) -> Called:
    """The subject, which ends between words with "…" where it was cut; one more reading for a long one alone."""
    kept = conversation.subject
    if len(kept) < PERHAPS_CUT:
        return Called(kept)
    first = conversation.messages.order_by("pk").values_list("subject", flat=True).first() or ""
    whole = first if _starts(first, kept) else kept
    shown = cleaning.subject_line(whole)
    return Called(shown, whole if whole != shown else "")


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
