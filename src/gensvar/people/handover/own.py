"""What this room itself knows that somebody holds: functions, which never stand empty, and the log-in, which ends."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gensvar.core import clock
from gensvar.core.models import User
from gensvar.core.roles import May, Role
from gensvar.people import logins, services
from gensvar.people.handover.holding import Before, Giving, Held, Occasion
from gensvar.people.models import Person, Tenure
from gensvar.people.queries import tenures_on


class Functions:
    """Tenures: the leaver's end on the last day; who takes over holds the function from today, if not already."""

    kind: ClassVar[str] = "functions"
    title: ClassVar[str | Promise] = _("functions")
    covers: ClassVar[frozenset[str]] = frozenset({"people.Tenure.person"})
    received: ClassVar[bool] = True
    needs: ClassVar[May | None] = None
    witnessed: ClassVar[bool] = False

    def held_by_each(self, people: Collection[Person]) -> Mapping[int, Sequence[Held]]:
        """Tenures that have not ended. Who holds the function beside the leaver is thought of first, externals last. Two queries."""
        tenures = list(
            Tenure.objects.filter(Q(ends__isnull=True) | Q(ends__gte=clock.today()), person__in=people)
            .select_related("function")
            .order_by("pk")
        )
        beside: defaultdict[int, list[int]] = defaultdict(list)  # by function, as they are asked
        others = tenures_on().filter(function__in=[one.function_id for one in tenures])
        by_role = User.objects.filter(pk=OuterRef("person__user"), groups__name=Role.EXTERNAL.value)
        outside = Q(kind=Tenure.Kind.EXTERNAL) | Q(Exists(by_role))
        ordered = others.annotate(outside=outside).order_by("outside", "person__name", "person_id")
        for function, holder in ordered.values_list("function_id", "person_id"):
            beside[function].append(holder)
        found: defaultdict[int, list[Held]] = defaultdict(list)
        for one in tenures:
            first = next((pk for pk in beside[one.function_id] if pk != one.person_id), None)
            key = f"{one.function_id}:{one.pk}"
            found[one.person_id].append(Held(key, str(one.function), proposed=first, waits=""))
        return found

    def give(self, occasion: Occasion, givings: Sequence[Giving]) -> dict[str, Before]:
        """End one tenure and begin the other."""
        found: dict[str, Before] = {}
        for giving in givings:
            tenure = Tenure.objects.select_for_update(no_key=True).filter(pk=_tenure(giving.key)).first()
            if tenure is None or giving.to is None or tenure.person_id != occasion.person.pk:
                continue
            begun = _begin(giving.to, tenure)
            before = {"ends": _iso(tenure.ends), "begun": begun.pk if begun else None}
            # A last day long past is history too: until now the function was held.
            last = max(occasion.last_day, tenure.starts, clock.today() - dt.timedelta(days=1))
            if tenure.ends is None or tenure.ends > last:
                services.end_tenure(tenure, last, by=None)
            found[giving.key] = before | {"set": _iso(tenure.ends)}
        return found

    def take_back(self, occasion: Occasion, key: str, before: Before) -> bool:
        """The leaver's tenure is as it was; the other, which was held meanwhile, ends today.

        Where its last day has passed, the days since are history: the leaver holds the function anew from today. Where they
        hold it again already, it stays as it was given back, and only the other ends: False.
        """
        tenure = Tenure.objects.select_for_update(no_key=True).filter(pk=_tenure(key)).first()
        if tenure is None or tenure.ends is None or _iso(tenure.ends) != before["set"]:
            return False
        ends = _day(before["ends"])
        anew = max(tenure.ends + dt.timedelta(days=1), clock.today())
        own = _held_within(tenure, anew, ends)
        again = own is not None and own.starts <= anew
        if not again:
            self._hold_again(tenure, own.starts - dt.timedelta(days=1) if own is not None else ends)
        if own is None or own.ends is None or (ends is not None and own.ends >= ends):
            _end_what_was_begun(before)
        return not again

    def _hold_again(self, tenure: Tenure, ends: dt.date | None) -> None:
        today = clock.today()
        if tenure.ends is None or tenure.ends >= today - dt.timedelta(days=1):
            services.change_tenure(tenure, starts=tenure.starts, ends=ends, by=None)
        elif ends is None or ends >= today:
            services.begin_tenure(tenure.person, tenure.function, today, by=None, ends=ends, kind=tenure.kind)

    def settled(self, occasion: Occasion, key: str, changed_on: dt.date, witness: Person) -> None:
        """Nothing is left to do outside."""


class LogIn:
    """The log-in here: it ends with the last day, and nobody takes it over."""

    kind: ClassVar[str] = "login"
    title: ClassVar[str | Promise] = _("log-in to Gensvar, which ends")
    covers: ClassVar[frozenset[str]] = frozenset({"people.Person.user"})
    received: ClassVar[bool] = False
    needs: ClassVar[May | None] = None
    witnessed: ClassVar[bool] = False

    def held_by_each(self, people: Collection[Person]) -> Mapping[int, Sequence[Held]]:
        """The log-in, if it can be used today; one query."""
        of = {one.user_id: one.pk for one in people if one.user_id is not None}
        users = User.objects.filter(pk__in=of).order_by("pk")
        return {of[user.pk]: [Held(str(user.pk), user.email, waits="")] for user in users if user.has_access}

    def give(self, occasion: Occasion, givings: Sequence[Giving]) -> dict[str, Before]:
        """Let it end; raises ValidationError for the only administrator."""
        found: dict[str, Before] = {}
        for user in User.objects.filter(pk__in=[int(giving.key) for giving in givings]):
            before = _iso(user.access_until)
            if user.access_until is None or user.access_until > occasion.last_day:
                logins.end_access(user, occasion.last_day, by=None)
                found[str(user.pk)] = {"until": before, "set": _iso(occasion.last_day)}
        return found

    def take_back(self, occasion: Occasion, key: str, before: Before) -> bool:
        """It ends when it did before."""
        user = User.objects.select_for_update(no_key=True).filter(pk=int(key)).first()
        if user is None or _iso(user.access_until) != before["set"]:
            return False
        logins.end_access(user, _day(before["until"]), by=None)
        return True

    def settled(self, occasion: Occasion, key: str, changed_on: dt.date, witness: Person) -> None:
        """Nothing is left to do outside."""


def _begin(person: Person, ended: Tenure) -> Tenure | None:
    """A tenure of the same function from today, in the capacity that the person has; None where they hold it already."""
    today = clock.today()
    own = Tenure.objects.filter(Q(ends__isnull=True) | Q(ends__gte=today), person=person)
    if own.filter(function=ended.function, starts__lte=today).exists():
        return None
    lasting = own.exclude(kind=Tenure.Kind.EXTERNAL).order_by("-starts").first()
    outside = own.filter(kind=Tenure.Kind.EXTERNAL).order_by("-ends").first()
    kind, ends = (lasting.kind if lasting else str(Tenure.Kind.EMPLOYEE)), None
    if lasting is None and outside is not None:
        kind, ends = str(Tenure.Kind.EXTERNAL), outside.ends
    later = own.filter(function=ended.function, starts__gt=today).order_by("starts").first()
    if later is not None:
        ends = later.starts - dt.timedelta(days=1)
    return services.begin_tenure(person, ended.function, today, by=None, ends=ends, kind=kind)


def _end_what_was_begun(before: Before) -> None:
    """The tenure of who took over, which began with the handover."""
    begun = Tenure.objects.filter(pk=before["begun"] or 0).first()
    if begun is not None and (begun.ends is None or begun.ends > clock.today()):
        services.end_tenure(begun, max(begun.starts, clock.today()), by=None)


def _held_within(tenure: Tenure, starts: dt.date, ends: dt.date | None) -> Tenure | None:
    """The first other tenure by which the same person holds the same function on any of these days."""
    others = Tenure.objects.filter(person=tenure.person_id, function=tenure.function_id).exclude(pk=tenure.pk)
    if ends is not None:
        others = others.filter(starts__lte=ends)
    return others.filter(Q(ends__isnull=True) | Q(ends__gte=starts)).order_by("starts", "pk").first()


def _tenure(key: str) -> int:
    return int(key.partition(":")[2])


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _day(iso: str | None) -> dt.date | None:
    return dt.date.fromisoformat(iso) if iso else None
