"""A published statement as pages show it, in the reader's language; made of a version's kept content alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gensvar.core import languages
from gensvar.publishing.accessibility.models import Conformity, Failure


@dataclass(frozen=True, slots=True)
class Words:
    """A text, and its language where that is not the page's."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class ShownFailure:
    """One known failure."""

    criterion: str
    clause: str  # of EN 301 549
    what: Words
    reason: str
    why: Words
    meanwhile: Words
    found_on: dt.date
    planned_on: dt.date | None
    mended_on: dt.date | None


@dataclass(frozen=True, slots=True)
class ShownStatement:
    """One version, whole."""

    number: int
    published_at: dt.datetime
    first_published_at: dt.datetime
    note: str
    body: str
    covers: Words
    aims: str
    conformity: str
    conformity_label: str
    method: Words
    assessed_on: dt.date
    review_on: dt.date | None
    authority: Words
    authority_url: str
    failures: tuple[ShownFailure, ...]
    mended: tuple[ShownFailure, ...]

    def because(self, reason: str) -> tuple[ShownFailure, ...]:
        """Those that are there for that reason."""
        return tuple(one for one in self.failures if one.reason == reason)

    @property
    def grouped(self) -> list[tuple[str, tuple[ShownFailure, ...]]]:
        """The failures under their reasons, in the order of the model statement."""
        found = [(str(reason.label), self.because(reason.value)) for reason in Failure.Reason]
        return [(label, failures) for label, failures in found if failures]


def words(content: Mapping[str, Any], name: str) -> Words:
    """A text in the reader's language; the Swedish one, marked as such, where there is no other."""
    if languages.in_english() and content.get(f"{name}_en"):
        return Words(str(content[f"{name}_en"]))
    return Words(str(content.get(name, "")), "" if languages.here() == "sv" else "sv")


def failure(content: Mapping[str, Any]) -> ShownFailure:
    """One failure out of a version's content."""
    return ShownFailure(
        criterion=content["criterion"],
        clause=f"9.{content['criterion']}",  # EN 301 549 chapter 9 counts as WCAG does
        what=words(content, "what"),
        reason=content["reason"],
        why=words(content, "why"),
        meanwhile=words(content, "meanwhile"),
        found_on=dt.date.fromisoformat(content["found_on"]),
        planned_on=_day(content.get("planned_on")),
        mended_on=_day(content.get("mended_on")),
    )


def statement(
    content: Mapping[str, Any],
    *,
    number: int,
    published_at: dt.datetime,
    first_published_at: dt.datetime,
    note: str,
) -> ShownStatement:
    """A version as it is shown. Times are aware."""
    found = [failure(one) for one in content["failures"]]
    return ShownStatement(
        number=number,
        published_at=published_at,
        first_published_at=first_published_at,
        note=note,
        body=content.get("body", ""),
        covers=words(content, "covers"),
        aims=content["aims"],
        conformity=content["conformity"],
        conformity_label=str(Conformity(content["conformity"]).label),
        method=words(content, "method"),
        assessed_on=dt.date.fromisoformat(content["assessed_on"]),
        review_on=_day(content.get("review_on")),
        authority=words(content, "authority"),
        authority_url=content["authority_url"],
        failures=tuple(one for one in found if one.mended_on is None),
        mended=tuple(one for one in found if one.mended_on is not None),
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
