"""Comments of the demo: each comes as a posted form, is confirmed by its writer, read, and shown or not, as in real use."""

from __future__ import annotations

import datetime as dt
import tomllib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from django.http import QueryDict
from django.utils import timezone

from gensvar.config.demo import words
from gensvar.config.demo.acts import Town, answer
from gensvar.config.demo.posts import Paper
from gensvar.config.demo.script import FOLDER, Step
from gensvar.conversations.models import Message
from gensvar.core import clock
from gensvar.core.events import Fact
from gensvar.intake.models import Envelope
from gensvar.publishing.comments import letters, moderation, taking
from gensvar.publishing.comments.events import AppealKept, CommentKept
from gensvar.publishing.comments.models import Appeal, Comment, CommentDecision, ModerationGround
from gensvar.publishing.models import PublicExchange
from gensvar.publishing.posts.values import Place
from gensvar.square import arriving

MODERATOR, JUDGE = (
    "rut",
    "admin",
)  # persons' keys in town.toml: an appeal is judged by another than who decided
PATIENCE: Final = {
    "confirm": 0.2,
    "read": 3,
    "answer": 6,
    "show_answer": 1,
    "appeal": 20,
    "judge": 4,
}  # hours


@dataclass(slots=True)
class Told:
    """One comment of the script, and the envelope that it came in once it is there."""

    key: str
    under: str
    name: str
    email: str
    text: str
    days_ago: float
    at: dt.time
    reply_to: str = ""
    language: str = "sv"
    fate: str = "shown"  # or waiting, unconfirmed, removed
    ground: str = ""
    words: str = ""
    answer: dict[str, str] = field(default_factory=dict)
    appeal: str = ""
    restored: str = ""
    envelope: int = 0

    @property
    def row(self) -> Comment:
        """As it stands now."""
        return Comment.objects.select_related("message__conversation").get(message__envelope=self.envelope)


@dataclass(frozen=True, slots=True)
class Stage:
    """What is done with it next, `hours` after what was done before."""

    hours: float
    play: Callable[[Town, Paper], None]


def read() -> dict[str, Told]:
    """Every comment by its key, in the order of the file."""
    with (FOLDER / "comments.toml").open("rb") as file:
        rows = tomllib.load(file)["comment"]
    return {row["key"]: Told(**{**row, "at": dt.time.fromisoformat(row["at"])}) for row in rows}


def stages(told: dict[str, Told], one: Told) -> Iterator[Stage]:
    """Everything that happens with that comment, in its order."""
    yield Stage(0, lambda _town, paper: _write(told, one, paper))
    if one.fate == "unconfirmed":
        return
    yield Stage(PATIENCE["confirm"], lambda _town, _paper: _confirm(one))
    if one.fate == "waiting":
        return
    yield Stage(PATIENCE["read"], lambda town, _paper: _moderate(town, one))
    if one.answer:
        yield Stage(PATIENCE["answer"], lambda town, _paper: _answer(town, one))
        yield Stage(PATIENCE["show_answer"], lambda town, _paper: _show_answer(town, one))
    if one.appeal:
        yield Stage(PATIENCE["appeal"], lambda _town, _paper: _appeal(one))
        yield Stage(PATIENCE["judge"], lambda town, _paper: _judge(town, one))


def _write(told: dict[str, Told], one: Told, paper: Paper) -> None:
    kind, key, title = _page(one.under, paper)
    parent = told[one.reply_to].row.pk if one.reply_to else 0
    fields = {
        "comment_on": f"{kind} {key}",
        "subject": f"{'Comment' if one.language == 'en' else 'Kommentar'}: {title}",
        "language": one.language,
        "answer_by": "here",
        "may_publish": "1",
        "show_name": "1",
        "name": one.name,
        "email": one.email,
        "text": one.text,
    } | ({"reply_to": str(parent)} if parent else {})
    one.envelope = _keep(
        fields,
        Envelope.Source.FORM,
        lambda number: CommentKept(envelope_id=number, kind=kind, key=key, parent=parent),
    )


def _page(under: str, paper: Paper) -> tuple[str, str, str]:
    """Kind, key and title of the page of that post, or of the public conversation of that subject. Raises DoesNotExist."""
    post = paper.posts.get(under)
    if post is not None and post.first_published_at is not None:
        year = timezone.localtime(post.first_published_at).year
        return "post", str(Place(year, post.slug, post.locale.language_code)), post.title
    exchange = PublicExchange.objects.get(conversation__subject=under, published_at__isnull=False)
    return "exchange", exchange.number, exchange.title


def _keep(fields: dict[str, str], source: Envelope.Source, fact: Callable[[int], Fact]) -> int:
    typed = {"form": uuid.uuid4().hex, "website": ""} | fields
    form = QueryDict(mutable=True)
    form.update(typed)
    raw = words.posted(typed)
    return arriving.keep(arriving.Post(raw, form, ()), source=source, fact=fact).envelope_id


def _confirm(one: Told) -> None:
    taking.confirm(one.row)


def _moderate(town: Town, one: Told) -> None:
    by, row = town.user(MODERATOR), one.row
    if one.fate == "removed":
        ground = ModerationGround.on(clock.today()).get(slug=one.ground)
        moderation.remove(row, ground, one.words, by=by)
    elif row.state == Comment.State.WAITING:
        moderation.show(row, by=by)


def _answer(town: Town, one: Told) -> None:
    answer(
        town, one.row.message.conversation, Step("answer", 0, by=one.answer["by"], text=one.answer["text"])
    )


def _show_answer(town: Town, one: Told) -> None:
    row = one.row
    ours = Message.Author.STAFF
    said = row.message.conversation.messages.filter(direction=Message.Direction.OUT, author=ours).latest("pk")
    text = said.text.partition("\n\n")[2]  # without the greeting, which names the writer
    moderation.show_answer(row, said, text[:1].upper() + text[1:], by=town.user(MODERATOR))


def _appeal(one: Told) -> None:
    decision = one.row.decisions.get(kind=CommentDecision.Kind.REMOVED)
    writer = letters.writer_of(decision.comment.message)
    if writer is not None:
        fields = {"token": writer.token, "text": one.appeal, "language": one.language}
        _keep(
            fields,
            Envelope.Source.LINK,
            lambda number: AppealKept(envelope_id=number, decision_id=decision.pk),
        )


def _judge(town: Town, one: Told) -> None:
    appeal = Appeal.objects.get(decision__comment=one.row)
    moderation.judge(appeal, restore=bool(one.restored), words=one.restored, by=town.user(JUDGE))
