"""Which fact starts which stage: to read this table is to know the system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gensvar.answers.events import DeliveryQueued
from gensvar.conversations.events import MessageReceived, PersonMentioned, ReportReceived
from gensvar.core.events import Fact, Handler
from gensvar.intake.events import EnvelopeReceived
from gensvar.routing.events import MessageRouted

FLOW: Mapping[type[Fact], Sequence[Handler]] = {
    EnvelopeReceived: (),  # conversations.reading.read_envelope
    MessageReceived: (),  # routing.services.route_message
    MessageRouted: (),  # answers.receipts.acknowledge
    ReportReceived: (),  # answers.bounces.settle_report
    PersonMentioned: (),  # answers.notices.tell_mentioned
    DeliveryQueued: (),  # answers.outbox.deliver
}
