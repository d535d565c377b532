"""What people do in the demo: each step of the script is one call of the service that the desk would make."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from gensvar.answers import drafts
from gensvar.answers import services as answers
from gensvar.answers.models import Draft
from gensvar.config.demo import words
from gensvar.config.demo.script import BadScript, Scene, Step
from gensvar.contactpoints.models import ContactPoint
from gensvar.contract.values import Arrival
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Conversation, Message
from gensvar.core import clock
from gensvar.core.models import User
from gensvar.intake import services as intake
from gensvar.intake.models import Envelope
from gensvar.people.models import Function, Person
from gensvar.publishing import services as publishing


@dataclass(frozen=True, slots=True)
class Town:
    """Functions by slug and persons by key."""

    functions: dict[str, Function]
    persons: dict[str, Person]
    topics: dict[str, list[str]]  # of each subject that has any, by slug

    def user(self, key: str) -> User:
        """The log-in of a person."""
        user = self.persons[key].user
        if user is None:
            raise BadScript(f"{key} has no log-in")
        return user


def act(town: Town, conversation: Conversation, scene: Scene, step: Step) -> None:
    """Do one step. Raises BadScript for one that the town cannot play."""
    conversation = Conversation.objects.get(pk=conversation.pk)
    if step.kind == "reply":
        _reply(conversation, scene, step)
    elif step.kind in {"answer", "draft"}:
        answer(town, conversation, step)
    elif step.kind == "note":
        conversations.add_note(conversation, step.text, by=town.user(step.by))
    elif step.kind == "assign":
        conversations.assign(conversation, town.persons[step.to], by=town.user(step.by))
    elif step.kind == "pass":
        conversations.pass_to(conversation, town.functions[step.to], by=town.user(step.by))
    elif step.kind == "close":
        _give_topics(town, conversation, scene, step)
        conversations.close(conversation, by=town.user(step.by))
    elif step.kind == "spam":
        conversations.mark_spam(conversation, by=town.user(step.by))
    elif step.kind == "snooze":
        conversations.snooze(conversation, clock.now() + dt.timedelta(days=20), by=town.user(step.by))
    elif step.kind == "publish":
        _give_topics(town, conversation, scene, step)
        _publish(town, conversation, step)


def answer(town: Town, conversation: Conversation, step: Step) -> None:
    """Answer as that person does, for the function that the conversation lies with where the person may speak for it."""
    person = town.persons[step.by]
    if step.given_by:
        conversations.assign(conversation, person, by=town.user(step.given_by))
        conversation.refresh_from_db()
    functions = answers.may_speak_for(person)
    function = conversation.function if conversation.function in functions else functions[0]
    draft = drafts.save_draft(
        person=person, kind=Draft.Kind.ANSWER, text=step.text, conversation=conversation, function=function
    )
    if step.kind == "answer":
        answers.send_answer(draft, by=town.user(step.by))


def _give_topics(town: Town, conversation: Conversation, scene: Scene, step: Step) -> None:
    if slugs := town.topics.get(scene.subject):
        conversations.set_topics(conversation, slugs, by=town.user(step.by))


def _reply(conversation: Conversation, scene: Scene, step: Step) -> None:
    point = ContactPoint.objects.get(channel=scene.channel, address=scene.to)
    if scene.door == Arrival.FORM:
        token = conversation.participants.filter(author=True).get().token
        raw, source = words.form(scene, step.text, token=token), Envelope.Source.LINK
    else:
        last = conversation.messages.filter(direction=Message.Direction.OUT).order_by("-at", "-pk").first()
        before = last.message_id if last is not None else ""
        raw, source = words.mail(scene, step.text, in_reply_to=before), Envelope.Source.SMTP
    intake.receive(raw, contact_point=point, source=source, mail_from=scene.address, recipient=scene.to)


def _publish(town: Town, conversation: Conversation, step: Step) -> None:
    by = town.user(step.by)
    exchange = publishing.prepare(conversation, by=by)
    if step.title:
        publishing.save_title(exchange, step.title, by=by)
    for text in exchange.texts.select_related("exchange__conversation", "message__contact"):
        publishing.approve(text, by=by)
    publishing.publish(exchange, by=by)
