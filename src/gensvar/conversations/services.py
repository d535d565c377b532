"""Everything that other rooms may do to conversations; each is one transaction. The parts lie in files named by meaning."""

from __future__ import annotations

from gensvar.conversations.asked import see_to
from gensvar.conversations.choices import set_answer_by, set_may_publish, set_show_name
from gensvar.conversations.counts import recount
from gensvar.conversations.joining import link, merge
from gensvar.conversations.moves import (
    assign,
    close,
    forget_failure,
    mark_opened,
    mark_spam,
    not_spam,
    pass_to,
    place,
    place_ids,
    record_arrival,
    record_failure,
    record_said,
    reopen,
    snooze,
    take,
    wake_snoozed,
)
from gensvar.conversations.notes import add_note
from gensvar.conversations.other_addresses import also_writes_from, not_also_writes_from
from gensvar.conversations.outgoing import begin, record_outcome, record_outgoing
from gensvar.conversations.protecting import protect, protect_no_more
from gensvar.conversations.taking_back import take_back_outgoing
from gensvar.conversations.topics import set_topics

__all__ = [
    "add_note",
    "also_writes_from",
    "assign",
    "begin",
    "close",
    "forget_failure",
    "link",
    "mark_opened",
    "mark_spam",
    "merge",
    "not_also_writes_from",
    "not_spam",
    "pass_to",
    "place",
    "place_ids",
    "protect",
    "protect_no_more",
    "record_arrival",
    "record_failure",
    "record_outcome",
    "record_outgoing",
    "record_said",
    "recount",
    "reopen",
    "see_to",
    "set_answer_by",
    "set_may_publish",
    "set_show_name",
    "set_topics",
    "snooze",
    "take",
    "take_back_outgoing",
    "wake_snoozed",
]
