"""Brings a blog home from its export: first every word is kept, then each becomes what it is here; stops and goes on anywhere.

Neighbours: keeping, making; report says what came of it, the command line of config calls this.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from gensvar.contactpoints.models import ContactPoint
from gensvar.contract.channel import arriving
from gensvar.contract.values import Arrival
from gensvar.people.models import Function, Person
from gensvar.publishing.wordpress.keeping import Kept, keep
from gensvar.publishing.wordpress.making import Choices, make
from gensvar.publishing.wordpress.models import OldItem, OldSite

Progress = Callable[[int, int], None]


class BadChoice(Exception):
    """What was chosen does not fit; nothing was read or changed."""


@dataclass(slots=True)
class BroughtHome:
    """What one run did. `read` has one entry a file, by its path."""

    read: dict[str, Kept] = field(default_factory=dict)
    made: int = 0
    failed: int = 0
    stopped: bool = False

    @property
    def sites(self) -> list[OldSite]:
        """The blogs that the files are of."""
        return list({one.site.pk: one.site for one in self.read.values() if one.site is not None}.values())

    @property
    def whole(self) -> bool:
        """Whether everything that stood in the files is here."""
        broken = any(one.broken or one.dropped for one in self.read.values())
        return not (broken or self.stopped or self.failed)


def bring_home(
    files: Iterable[Path],
    choices: Choices,
    *,
    language: str = "",
    reading: Progress = lambda done, total: None,
    making: Progress = lambda done, total: None,
    stopped: Callable[[], bool] = lambda: False,
) -> BroughtHome:
    """Keep all, then make all that waits, each item by itself. Raises NotAnExport, OSError, DatabaseError; what was
    committed stays, and the same again goes on from there."""
    done = BroughtHome()
    choices = replace(choices, place=choices.place or _place())
    for path in files:
        done.read[str(path)] = keep(path, language=language, progress=reading, stopped=stopped)
        if done.read[str(path)].stopped:
            done.stopped = True
            return done
    for site in done.sites:
        _make_all(site, choices, done, making, stopped)
    return done


def _make_all(
    site: OldSite, choices: Choices, done: BroughtHome, progress: Progress, stopped: Callable[[], bool]
) -> None:
    waiting = Q(state=OldItem.State.WAITING) | Q(state=OldItem.State.FAILED)
    numbers = list(site.items.filter(waiting).order_by("number").values_list("pk", flat=True))
    for count, pk in enumerate(numbers, start=1):
        if stopped():
            done.stopped = True
            return
        row = OldItem.objects.select_related("site", "post").get(pk=pk)
        if make(row, choices):
            done.made += 1
        else:
            done.failed += 1
        progress(count, len(numbers))


def _place() -> ContactPoint | None:
    """Where comments come in: the web form, whatever its state; an old comment came by no place that is here."""
    points = ContactPoint.objects.filter(channel__in=arriving(Arrival.FORM)).order_by("pk")
    return points.first() or ContactPoint.objects.order_by("pk").first()


def function_named(slug: str) -> Function:
    """The function that stands behind it all. Raises BadChoice."""
    found = Function.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Function.objects.filter(active=True).values_list("slug", flat=True)[:30]) or _(
            "none"
        )
        raise BadChoice(
            _("There is no function “%(slug)s” (there are: %(known)s).") % {"slug": slug, "known": known}
        )
    return found


def authors_in(path: Path) -> dict[str, tuple[Person, Function | None]]:
    """Which author is which person: a TOML file with `login = "mail address"`, or `{person = …, function = …}`.

    Raises BadChoice for a file that is no such list, and for a person or function that there is not.
    """
    try:
        read: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadChoice(f"{path}: {error}") from error
    return {login: _author(path, login, said) for login, said in read.items()}


def _author(path: Path, login: str, said: Any) -> tuple[Person, Function | None]:
    chosen = {"person": said} if isinstance(said, str) else said
    address = chosen.get("person") if isinstance(chosen, dict) else None
    if not isinstance(address, str) or not address:
        raise BadChoice(_("%(file)s names no person for “%(login)s”.") % {"file": path, "login": login})
    own = Q(email__iexact=address) | Q(user__email__iexact=address)
    person = Person.objects.filter(own).order_by("pk").first()
    if person is None:
        raise BadChoice(
            _("There is no person with the address %(address)s (for “%(login)s”).")
            % {"address": address, "login": login}
        )
    slug = chosen.get("function", "")
    return person, function_named(str(slug)) if slug else None
