"""Who may do what: six roles, each a closed set of permissions. Deny first: what is not listed is not allowed."""

from __future__ import annotations

import enum
import functools
from collections.abc import Collection
from typing import Final

from django.utils.translation import gettext_lazy as _


class Role(enum.StrEnum):
    """A role is a Django group of the same name, made by a migration; a user may hold several."""

    ANSWERER = "answerer"
    EDITOR = "editor"
    COORDINATOR = "coordinator"
    REGISTRAR = "registrar"
    EXTERNAL = "external"
    ADMINISTRATOR = "administrator"


class May(enum.StrEnum):
    """A permission: one verb in the desk."""

    READ_OWN = "read_own"  # conversations of one's functions, assigned to one, or where one is mentioned
    READ_ALL = "read_all"
    NOTE = "note"
    ANSWER = "answer"
    ASSIGN = "assign"
    PASS_ON = "pass_on"  # to another function
    CLOSE = "close"
    FORWARD = "forward"
    WRITE_FIRST = "write_first"
    MARK_SPAM = "mark_spam"
    PUBLISH = "publish"
    MODERATE = "moderate"  # comments of the conversations that one sees
    JUDGE_APPEALS = "judge_appeals"  # against what another moderator decided
    PROPOSE_OUTCOMES = "propose_outcomes"  # what conversations led to; showing it takes PUBLISH
    WRITE_POSTS = "write_posts"  # drafts of one's own; showing them takes PUBLISH
    SEE_ENVELOPES = "see_envelopes"  # what could not be read: error, raw text, retry
    SEE_OUTBOX = "see_outbox"
    SEE_CONTACTS = "see_contacts"
    SEE_SUBSCRIBERS = "see_subscribers"  # the addresses of those who follow us by mail
    MANAGE_PEOPLE = "manage_people"
    MANAGE_PLACES = "manage_places"
    MANAGE_CHANNELS = "manage_channels"  # a place's own server and its secrets
    MANAGE_DAYS = "manage_days"
    MANAGE_TOPICS = "manage_topics"
    MANAGE_STATEMENTS = "manage_statements"  # on accessibility, and what the municipality says of itself
    SEE_ABSENCES = "see_absences"  # who is away in the coming weeks, and the alarms
    SAY_ABSENCES = "say_absences"  # of others: that they are away, and which calendar says so
    CORRECT_TENURES = "correct_tenures"  # days that have passed and were noted wrongly, with a reason
    SEE_AUDIT = "see_audit"
    GIVE_OUT = "give_out"  # conversations as a file, to be handed out or kept elsewhere
    HAND_OVER = "hand_over"  # what somebody holds to others, who leaves
    MANAGE_PLAYBOOKS = "manage_playbooks"  # the set-up as one file: given out, and taken in from others
    RUN_SURVEYS = "run_surveys"  # of how we lead, but never one's own
    SEE_VOICES = "see_voices"  # how much each person says, by name, and what falls if somebody leaves


_ANSWERING: Final = frozenset(
    {
        May.READ_OWN,
        May.NOTE,
        May.ANSWER,
        May.ASSIGN,
        May.PASS_ON,
        May.CLOSE,
        May.MARK_SPAM,
        May.FORWARD,
        May.SEE_CONTACTS,
    }
)

PERMISSIONS: Final[dict[Role, frozenset[May]]] = {
    Role.ANSWERER: _ANSWERING | {May.WRITE_FIRST, May.WRITE_POSTS, May.PROPOSE_OUTCOMES},
    Role.EDITOR: _ANSWERING
    | {May.WRITE_FIRST, May.WRITE_POSTS, May.PROPOSE_OUTCOMES, May.PUBLISH, May.MODERATE},
    Role.COORDINATOR: _ANSWERING
    | {May.READ_ALL, May.WRITE_FIRST, May.WRITE_POSTS, May.PUBLISH, May.MODERATE, May.JUDGE_APPEALS}
    | {May.PROPOSE_OUTCOMES, May.SEE_ENVELOPES, May.SEE_OUTBOX, May.SEE_SUBSCRIBERS, May.MANAGE_PLACES}
    | {May.MANAGE_STATEMENTS, May.SEE_VOICES, May.SEE_ABSENCES, May.SAY_ABSENCES}
    | {May.HAND_OVER, May.RUN_SURVEYS, May.CORRECT_TENURES},
    Role.REGISTRAR: frozenset(
        {
            May.READ_ALL,
            May.NOTE,
            May.SEE_ENVELOPES,
            May.SEE_OUTBOX,
            May.SEE_CONTACTS,
            May.SEE_AUDIT,
            May.GIVE_OUT,
        }
    ),
    Role.EXTERNAL: frozenset({May.READ_OWN, May.NOTE, May.ANSWER, May.WRITE_POSTS}),
    Role.ADMINISTRATOR: frozenset(
        {
            May.MANAGE_PEOPLE,
            May.CORRECT_TENURES,
            May.HAND_OVER,
            May.RUN_SURVEYS,
            May.SEE_ABSENCES,
            May.SAY_ABSENCES,
            May.MANAGE_PLACES,
            May.MANAGE_TOPICS,
            May.MANAGE_CHANNELS,
            May.MANAGE_DAYS,
            May.MANAGE_STATEMENTS,
            May.SEE_OUTBOX,
            May.SEE_ENVELOPES,
            May.SEE_AUDIT,
            May.MANAGE_PLAYBOOKS,
        }
    ),
}

LABELS: Final = {
    Role.ANSWERER: _("Answerer"),
    Role.EDITOR: _("Editor"),
    Role.COORDINATOR: _("Coordinator"),
    Role.REGISTRAR: _("Registrar"),
    Role.EXTERNAL: _("External"),
    Role.ADMINISTRATOR: _("Administrator"),
}


EXTERNAL_ALONE: Final = _("Whoever is external holds no other role. Untick External, or all the others.")


def go_together(roles: Collection[Role]) -> bool:
    """Whether one log-in may hold all of these: External stands alone."""
    return Role.EXTERNAL not in roles or len(roles) == 1


@functools.cache
def permissions_of(roles: frozenset[Role]) -> frozenset[May]:
    """Everything that a holder of these roles may do. External narrows: beside it no other role gives more than it."""
    if Role.EXTERNAL in roles:
        return PERMISSIONS[Role.EXTERNAL]
    return frozenset().union(*(PERMISSIONS[role] for role in roles))
