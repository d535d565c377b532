"""Posts of the demo, and what others wrote that they answer: signed, dated and published by the very services of real use."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from wagtail.log_actions import LogContext
from wagtail.models import Locale
from wagtail.rich_text import RichText

from gensvar.config.demo import pictures
from gensvar.config.demo.acts import Town
from gensvar.config.demo.script import FOLDER
from gensvar.core.models import Topic
from gensvar.publishing.models import PublicExchange
from gensvar.publishing.posts import services
from gensvar.publishing.posts.models import Byline, Post, PostsHome, Series, Source

EDITOR = "rut"  # a person's key in town.toml: who publishes
Row = dict[str, Any]


@dataclass(slots=True)
class Paper:
    """What is to be written, as posts.toml has it; and what stands there already, by key."""

    today: dt.date
    written: list[Row]
    letters: dict[str, Row]
    series: list[Row]
    posts: dict[str, Post] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)


def read(today: dt.date) -> Paper:
    """All of the file; days are counted back from `today`."""
    with (FOLDER / "posts.toml").open("rb") as file:
        content = tomllib.load(file)
    letters = {row["key"]: row for row in content["source"]}
    return Paper(today, content["post"], letters, content["series"])


def play(town: Town, paper: Paper, row: Row) -> None:
    """Write one post now, with its translation, and publish it unless it is a draft. Raises KeyError for unknown names."""
    editor = town.user(EDITOR)
    post = Post(
        title=row["title"],
        slug=row["slug"],
        lead=row["lead"],
        live=False,
        owner=editor,
        series=_series(paper, row.get("series", "")),
        answers=_source(paper, row["answers"]) if "answers" in row else None,
        answers_number=_number(row.get("question", "")),
        body=_parts(paper, row["part"]),
    )
    post.bylines = [
        Byline(person=town.persons[person], function=town.functions[function])
        for person, function in row["by"]
    ]
    post.topics = list(Topic.objects.filter(slug__in=row["topics"]))
    home: PostsHome = PostsHome.objects.get(locale__language_code="sv")
    with LogContext(user=editor):
        home.add_child(instance=post)
        if row.get("draft"):
            post.save_revision(user=editor)
            return
        services.publish(post, by=editor)
        paper.posts[row["key"]] = post
        if "english" in row:
            _translate(paper, post, row["english"], editor)


def _translate(paper: Paper, post: Post, row: Row, editor: Any) -> None:
    english: Post = post.copy_for_translation(Locale.objects.get(language_code="en"))
    english.title, english.slug, english.lead = row["title"], row["slug"], row["lead"]
    english.body = _parts(paper, row["part"])
    services.publish(english, by=editor)


def _parts(paper: Paper, rows: Iterable[Row]) -> list[tuple[str, Any]]:
    made = []
    for row in rows:
        part = {name: value for name, value in row.items() if name not in {"kind", "html", "picture"}}
        if "html" in row:
            part["text"] = RichText(row["html"].strip())
        if "picture" in row:
            part["image"] = pictures.make(row["picture"])
        if "source" in row:
            part["source"] = _source(paper, row["source"])
        made.append((row["kind"], part["text"] if row["kind"] == "text" else part))
    return made


def _series(paper: Paper, slug: str) -> Series | None:
    row = next((one for one in paper.series if one["slug"] == slug), None)
    return Series.objects.get_or_create(slug=row["slug"], defaults=row)[0] if row is not None else None


def _source(paper: Paper, key: str) -> Source:
    """That source and those that it answers, each made when it is first spoken of."""
    if key not in paper.sources:
        row = dict(paper.letters[key])
        answers, answered = row.pop("answers", ""), row.pop("answers_post", "")
        date = paper.today - dt.timedelta(days=row.pop("date_days_ago"))
        row.pop("key")
        paper.sources[key] = Source.objects.create(
            **row,
            date=date,
            answers=_source(paper, answers) if answers else None,
            answers_post=paper.posts[answered] if answered else None,
        )
    return paper.sources[key]


def _number(subject: str) -> str:
    found = PublicExchange.objects.filter(conversation__subject=subject, published_at__isnull=False).first()
    return found.number if subject and found is not None else ""
