"""What the screens ask of links: which need somebody, where each stands, and what was found and decided before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, IntegerField, QuerySet, Value, When

from gensvar.contactpoints.models import ContactPoint
from gensvar.publishing.appearances.models import Appearance
from gensvar.publishing.links.models import DeadShortLink, Finding, LinkUse, OutsideLink
from gensvar.publishing.models import PublicExchange
from gensvar.publishing.posts.models import Post, Source

State = OutsideLink.State
IN_NEED: Final = (State.STRANGE, State.BROKEN, State.BARRED)  # the most pressing first


@dataclass(frozen=True, slots=True)
class Where:
    """One thing of ours that links there: its kind, key and name."""

    kind: LinkUse.Kind
    key: str
    name: str


def in_need() -> QuerySet[OutsideLink]:
    """The links that need somebody: taken over before broken before unseen, the longest so first."""
    order = [When(state=state, then=Value(place)) for place, state in enumerate(IN_NEED)]
    rows = OutsideLink.objects.filter(state__in=IN_NEED)
    return rows.order_by(Case(*order, output_field=IntegerField()), "since", "pk")


def dead_short_links() -> QuerySet[DeadShortLink]:
    """The short links that lead nowhere and that nobody has let rest."""
    rows = DeadShortLink.objects.filter(ended_at__isnull=True, settled_at__isnull=True)
    return rows.select_related("link").order_by("-since", "-pk")


def all_in_need() -> tuple[QuerySet[Any], ...]:
    """The links and the short links that wait for somebody; each is counted by a partial index."""
    return OutsideLink.objects.filter(state__in=IN_NEED), dead_short_links()


def count_in_need() -> int:
    """How many links and short links wait for somebody."""
    return sum(rows.count() for rows in all_in_need())


def where(links: Iterable[OutsideLink]) -> dict[int, list[Where]]:
    """By link all that links there, with names; six queries however many there are."""
    uses = list(LinkUse.objects.filter(link__in=[link.pk for link in links]).order_by("kind", "pk"))
    keys: dict[str, list[str]] = {kind: [] for kind in LinkUse.Kind.values}
    for use in uses:
        keys[use.kind].append(use.key)
    names = {
        **_named(LinkUse.Kind.PLACE, ContactPoint.objects, "pk", "name", keys),
        **_named(LinkUse.Kind.POST, Post.objects, "pk", "title", keys),
        **_named(LinkUse.Kind.SOURCE, Source.objects, "pk", "title", keys),
        **_named(LinkUse.Kind.APPEARANCE, Appearance.objects, "pk", "place", keys),
        **_named(LinkUse.Kind.ANSWER, PublicExchange.objects, "number", "title", keys),
    }
    found: dict[int, list[Where]] = {}
    for use in uses:
        name = names.get((use.kind, use.key), use.key)
        found.setdefault(use.link_id, []).append(Where(LinkUse.Kind(use.kind), use.key, name))
    return found


def of_places(keys: Iterable[int]) -> dict[int, OutsideLink]:
    """By place the link to its page, for those that have one; one query."""
    uses = LinkUse.objects.filter(kind=LinkUse.Kind.PLACE, key__in=[str(key) for key in keys])
    return {int(use.key): use.link for use in uses.select_related("link")}


def sentence(finding: str, details: dict[str, object]) -> str:
    """What a look found, in words; whatever details are missing leave a gap and no error."""
    if not finding:
        return ""
    said = {"status": "", "before": "…", "now": "…"} | details
    return str(Finding(finding).label) % said


def _named(
    kind: LinkUse.Kind, rows: object, field: str, name: str, keys: dict[str, list[str]]
) -> dict[tuple[str, str], str]:
    asked = keys[kind]
    if not asked:
        return {}
    found = rows.filter(**{f"{field}__in": asked}).values_list(field, name)  # type: ignore[attr-defined]
    return {(kind.value, str(key)): str(value) for key, value in found}
