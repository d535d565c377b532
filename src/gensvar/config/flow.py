"""Which fact starts which stage, and what comes back by the clock: to read these tables is to know the system."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from gensvar.answers import (
    absence_notices,
    ahead,
    alarm_notices,
    bounces,
    joined,
    notices,
    outbox,
    receipts,
    told,
)
from gensvar.answers.events import DeliveryQueued, WordSent, WordTakenBack
from gensvar.answers.instead import Instead
from gensvar.answers.models import Delivery
from gensvar.conversations import reading
from gensvar.conversations.answered import Told
from gensvar.conversations.events import (
    AboutChanged,
    MessageReceived,
    OurTurnAgain,
    PersonMentioned,
    ReportReceived,
    SightChanged,
)
from gensvar.conversations.joining import Joined
from gensvar.conversations.reported import Knows
from gensvar.core import forgetting, freshness
from gensvar.core.events import Fact, Handler
from gensvar.core.recurring import TimeCame
from gensvar.desk import forgotten, sessions
from gensvar.desk.events import PasswordForgotten
from gensvar.intake.events import EnvelopeReceived
from gensvar.learning import telling, ties
from gensvar.learning.events import ConversationLedTo, StepPublished
from gensvar.learning.kind import Outcomes
from gensvar.learning.surveys import inviting, opening
from gensvar.learning.surveys.kind import Surveys
from gensvar.learning.workshop.kind import Experiments
from gensvar.people.absences import reading as calendars
from gensvar.people.events import AbsenceSaidByAnother, CalendarDue, NamedOtherwise, PresenceChanged
from gensvar.publishing import answered, sight
from gensvar.publishing.about import tying
from gensvar.publishing.about.events import AboutKept
from gensvar.publishing.appearances.events import AppearanceChanged
from gensvar.publishing.appearances.kind import Appearances
from gensvar.publishing.commented import Comments
from gensvar.publishing.comments import taking
from gensvar.publishing.comments.events import AnswerShown, AppealKept, CommentKept
from gensvar.publishing.entries import Further, Searched
from gensvar.publishing.events import EntryChanged, GuestPublished
from gensvar.publishing.guests import agreeing
from gensvar.publishing.links import gathering, looking
from gensvar.publishing.links.events import LinkDue
from gensvar.publishing.newsletters import due
from gensvar.publishing.newsletters import services as newsletters
from gensvar.publishing.positions import clockwork as positions
from gensvar.publishing.posts import clockwork, held_notices, pictures
from gensvar.publishing.posts.events import PostChanged, PostHeld, PostTimed
from gensvar.publishing.short_links import Linked
from gensvar.routing import days
from gensvar.routing import services as routing
from gensvar.routing.alarms import keeping as alarms
from gensvar.routing.events import AlarmsRaised, MessageRouted
from gensvar.square import hub
from gensvar.voices import counting, in_step

FLOW: Mapping[type[Fact], Sequence[Handler]] = {
    EnvelopeReceived: (reading.read_envelope,),
    MessageReceived: (routing.route_message,),
    MessageRouted: (receipts.acknowledge,),
    OurTurnAgain: (routing.promise_again,),
    ReportReceived: (bounces.settle_report, newsletters.end_reported),
    CommentKept: (taking.take_comment,),
    AppealKept: (taking.take_appeal,),
    AboutKept: (tying.tie,),
    NamedOtherwise: (sight.follow_name,),
    PresenceChanged: (routing.reroute_at_once, alarms.look_again),
    AbsenceSaidByAnother: (absence_notices.tell_absent,),
    CalendarDue: (calendars.read_calendar,),
    AlarmsRaised: (alarm_notices.tell_coordinators,),
    PersonMentioned: (notices.tell_mentioned,),
    DeliveryQueued: (outbox.deliver,),
    WordSent: (counting.count_word,),
    WordTakenBack: (counting.count_word,),
    AnswerShown: (counting.count_word,),
    AboutChanged: (counting.count_anew,),
    SightChanged: (sight.follow,),
    PostChanged: (counting.count_post,),
    PostTimed: (clockwork.keep_time,),
    PostHeld: (held_notices.tell_held,),
    AppearanceChanged: (counting.count_appearance,),
    EntryChanged: (hub.announce,),
    GuestPublished: (agreeing.tell_published,),
    LinkDue: (looking.look_at,),
    StepPublished: (telling.tell_of_step,),
    ConversationLedTo: (telling.tell_conversation,),
    PasswordForgotten: (forgotten.send_link,),
    TimeCame: (),  # its rows name their handlers themselves: see below
}

# Work by the clock (core.recurring): how often, and the handler.
RECURRING: Mapping[str, tuple[dt.timedelta, Handler]] = {
    "routing.wake_snoozed": (dt.timedelta(minutes=1), routing.wake_snoozed),
    "routing.reroute_unattended": (dt.timedelta(hours=1), routing.reroute_unattended),
    "answers.mend_times": (dt.timedelta(minutes=10), ahead.mend_times),
    "routing.keep_alarms": (dt.timedelta(minutes=5), alarms.keep_alarms),
    "people.ask_for_calendars": (dt.timedelta(minutes=1), calendars.ask_for_calendars),
    "publishing.keep_times_of_posts": (dt.timedelta(seconds=10), clockwork.keep_times),
    "publishing.make_sizes_of_pictures": (dt.timedelta(seconds=2), pictures.make_sizes),
    "publishing.keep_times_of_positions": (dt.timedelta(seconds=10), positions.keep_times),
    "core.forget_old_changes": (dt.timedelta(days=1), freshness.forget_old),
    "core.forget_done": (dt.timedelta(days=1), forgetting.forget_done),
    "desk.forget_expired": (dt.timedelta(days=1), sessions.forget_expired),
    "newsletters.write_letters": (dt.timedelta(minutes=1), due.write_letters),
    "links.gather": (dt.timedelta(hours=1), gathering.gather),
    "links.ask_for_looks": (dt.timedelta(minutes=1), looking.ask_for_looks),
    "learning.close_surveys": (dt.timedelta(minutes=1), opening.close_what_is_over),
    "routing.fill_coming_years": (dt.timedelta(days=1), days.fill_coming_years),
    "voices.mend_months": (dt.timedelta(hours=1), in_step.mend_months),
}

# Who knows whether a report is about a word of ours that belongs to no conversation (conversations.reported).
REPORTED: tuple[Knows, ...] = (bounces.is_of_no_conversation,)

# Since when an answer of ours counts, by where it went and where it stands (conversations.answered).
TOLD: Sequence[Told] = (told.since, answered.since)

# What is asked before a word of that kind leaves the outbox, and says what to do instead (answers.instead).
INSTEAD: Mapping[str, Instead] = {
    Delivery.Kind.NEWS: due.instead_of_sending,
    Delivery.Kind.OUTCOME: telling.instead_of_sending,
    Delivery.Kind.SURVEY: inviting.instead_of_sending,
}

# What is told to all beside exchanges and posts (publishing.entries).
ENTRIES: Sequence[Further] = (Outcomes(), Appearances(), Experiments(), Surveys())

# What search finds beside exchanges, posts and positions (publishing.entries); outcomes stand above its other hits.
SEARCHED: Sequence[Searched] = (Comments(), Appearances(), Experiments(), Surveys())

# What else has short links (publishing.short_links), besides what publishing shows itself.
SHORT_LINKED: Sequence[Linked] = (Outcomes(), Surveys())

# What follows, in its transaction, when a conversation becomes part of another (conversations.joining).
JOINED: Sequence[Joined] = (joined.follow, ties.follow)
