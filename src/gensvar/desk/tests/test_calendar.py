"""The editorial calendar: what stands on which day for whom, moved by a plain form, and pinned in what it asks."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.test import RequestFactory

from gensvar.conversations.models import Conversation
from gensvar.core import clock
from gensvar.core.recurring import TimeCame
from gensvar.core.roles import Role
from gensvar.desk import signers
from gensvar.desk.calendar import spans
from gensvar.desk.tests.scene import Town, logged_in, question
from gensvar.people.models import Person, Tenure
from gensvar.people.tests.factories import user_of
from gensvar.publishing.plans import services as plans
from gensvar.publishing.plans.models import PostPlan
from gensvar.publishing.posts import services as posts
from gensvar.publishing.posts.clockwork import keep_times
from gensvar.publishing.posts.models import Post, PostHold
from gensvar.publishing.tests.guests_scene import invite
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.routing.models import SpecialDay

pytestmark = pytest.mark.django_db

HERE = ZoneInfo("Europe/Stockholm")


@pytest.fixture
def paper(town: Town) -> Paper:
    return Paper(user_of(town.robin), town.robin, town.streets)


def page(person: Person, view: str = "week", day: dt.date | None = None) -> str:
    day = day or clock.today()
    return logged_in(person).get(f"/desk/kalender/?view={view}&day={day}").content.decode()


def move(reader: Person, item: str, **fields: Any) -> HttpResponse:
    return logged_in(reader).post("/desk/kalender/flytta/", {"item": item, **fields}, follow=True)  # type: ignore[return-value]


def scheduled(paper: Paper, day: dt.date) -> tuple[Post, dt.datetime]:
    at = dt.datetime.combine(day, dt.time(8, 15), tzinfo=HERE)
    post = draft(paper, "Isen bär")
    post.go_live_at = at
    post.save_revision(user=paper.editor).publish(user=paper.editor)
    return post, at


def test_weeks_are_those_of_iso_8601_and_begin_on_monday() -> None:
    newyear = spans.span("week", dt.date(2027, 1, 1))
    assert (newyear.first, newyear.last, newyear.week) == (dt.date(2026, 12, 28), dt.date(2027, 1, 3), 53)
    november = spans.span("month", dt.date(2026, 11, 28))
    assert (november.first, november.last) == (dt.date(2026, 10, 26), dt.date(2026, 12, 6))
    assert (november.before, november.after) == (dt.date(2026, 10, 1), dt.date(2026, 12, 1))
    for odd in ({"view": "x", "day": "y"}, {"day": "2026-13-01"}, {"day": "9999-12-31"}):
        assert spans.chosen(odd, dt.date(2026, 11, 28)) == spans.span("week", dt.date(2026, 11, 28))


def test_each_kind_stands_on_its_day_with_whose_turn_it_is(town: Town, paper: Paper) -> None:
    today = clock.today()
    tomorrow = today + dt.timedelta(days=1)
    live = draft(paper, "Det vi sagt")
    posts.publish(live, by=paper.editor)
    scheduled(paper, tomorrow)
    plans.plan(draft(paper, "Det vi tänker"), today, town.kim, seen=0, by=paper.editor)
    invite(paper, last_day=tomorrow)
    asked = question(town.mailbox, "När plogas det?")
    Conversation.objects.filter(pk=asked.pk).update(due_at=clock.begins(tomorrow) + dt.timedelta(hours=16))
    draft(paper, "Utan dag")
    shown = page(town.robin, "list", today)
    for words in (
        "Det vi sagt",
        "publicerat",
        "Isen bär",
        "08:15 schemalagt",
        "Det vi tänker",
        "Kim Ek skriver",
    ):
        assert words in shown, words
    for words in (
        "Gäst: Anna Lind",
        "sista dag att lämna in",
        "När plogas det?",
        "16:00 utlovat svar",
        "Utan dag",
    ):
        assert words in shown, words
    assert shown.index("Det vi tänker") < shown.index("Isen bär") < shown.index("Utkast utan dag")


def test_a_withdrawn_post_does_not_come_back_as_a_draft(town: Town, paper: Paper) -> None:
    post = draft(paper, "Det vi sagt")
    plans.plan(post, clock.today(), town.kim, seen=0, by=paper.editor)
    assert "Det vi sagt" in page(town.robin)
    posts.publish(post, by=paper.editor)
    posts.withdraw(post, "Fel siffra", by=paper.editor)
    assert "Det vi sagt" not in page(town.robin)


def test_everybody_sees_only_what_they_may_see_elsewhere(town: Town, paper: Paper) -> None:
    invite(paper, last_day=clock.today())
    asked = question(town.school_mailbox, "Om skolan")
    Conversation.objects.filter(pk=asked.pk).update(due_at=clock.now() + dt.timedelta(minutes=1))
    shown = page(town.kim)
    assert "Anna Lind" not in shown
    assert "Om skolan" not in shown
    assert "Om skolan" in page(town.sam)


def test_who_is_external_sees_of_what_is_not_public_only_what_they_write(town: Town, paper: Paper) -> None:
    today, axel = clock.today(), town.by_role[Role.EXTERNAL]
    scheduled(paper, today + dt.timedelta(days=1))
    plans.plan(draft(paper, "Det vi tänker"), today, town.kim, seen=0, by=paper.editor)
    plans.plan(draft(paper, "Det Axel skriver"), today, axel, seen=0, by=paper.editor)
    draft(paper, "Utan dag")
    assert "Varje utkast av dina har sin dag." in page(axel)
    Post.objects.filter(pk=draft(paper, "Axels eget").pk).update(owner=user_of(axel))
    for reader, hidden in ((town.kim, False), (axel, True)):
        shown = page(reader, "list", today)
        assert [words not in shown for words in ("Isen bär", "Det vi tänker", "Utan dag")] == [hidden] * 3
        assert "Det Axel skriver" in shown
        assert "Axels eget" in shown


def test_holidays_and_days_names_are_said(town: Town) -> None:
    SpecialDay.objects.update_or_create(date=dt.date(2027, 6, 25), defaults={"name": "Midsommarafton"})
    shown = page(town.robin, "week", dt.date(2027, 6, 23))
    assert "Vecka 25: 21 juni – 27 juni 2027" in shown
    assert "fredag 25 juni" in shown
    assert "Midsommarafton · ledig" in shown
    assert "juni 2027" in page(town.robin, "month", dt.date(2027, 6, 23))


def test_a_draft_is_planned_by_the_plain_form(town: Town, paper: Paper) -> None:
    post, day = draft(paper, "Utan dag"), clock.today()
    said = move(town.robin, f"draft-{post.pk}", seen="0", day=day.isoformat(), person=town.kim.pk)
    assert "är planerat till" in said.content.decode()
    row = PostPlan.objects.get()
    assert (row.day, row.person) == (day, town.kim)
    late = move(town.robin, f"draft-{post.pk}", seen="0", day="")
    assert "Någon annan flyttade det under tiden." in late.content.decode()
    assert PostPlan.objects.get().day == day


def test_a_scheduled_post_and_a_guests_last_day_move(town: Town, paper: Paper) -> None:
    day = clock.today() + dt.timedelta(days=3)
    post, at = scheduled(paper, day)
    other = (day + dt.timedelta(days=2)).isoformat()
    moved = move(town.robin, f"scheduled-{post.pk}", seen=at.isoformat(), day=other)
    assert "vid samma klockslag" in moved.content.decode()
    guest = invite(paper, last_day=day)
    moved = move(town.robin, f"guest-{guest.pk}", seen=day.isoformat(), day=other)
    assert "får skriva till och med" in moved.content.decode()
    again = move(town.robin, f"guest-{guest.pk}", seen=day.isoformat(), day=day.isoformat())
    assert "Någon annan flyttade det under tiden." in again.content.decode()


def test_who_signs_a_scheduled_post_and_may_not_speak_then_is_said_wherever_it_can_be_mended(
    town: Town, paper: Paper
) -> None:
    today = clock.today()
    day = today + dt.timedelta(days=3)
    post, at = scheduled(paper, day)
    client, edit = logged_in(town.robin), f"/desk/pages/{post.pk}/edit/"
    tenure = Tenure.objects.filter(person=town.robin, function=town.streets)
    silent = "får inte tala i vårt namn den dagen"
    tenure.update(ends=day)
    assert silent not in page(town.robin, "list", today)
    assert silent not in client.get(edit).content.decode()
    later = (day + dt.timedelta(days=1)).isoformat()
    assert silent in move(town.robin, f"scheduled-{post.pk}", seen=at.isoformat(), day=later).content.decode()
    for shown in (page(town.robin, "list", today), client.get(edit).content.decode()):
        assert silent in shown
        assert "Robin Öst (Gata &amp; park till och med" in shown
    request = RequestFactory().get("/")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    signers.after_publishing(request, post)  # as a time is set
    assert [silent in str(one) for one in request._messages] == [True]  # type: ignore[attr-defined]

    tenure.update(ends=today - dt.timedelta(days=1))
    with clock.moved(dt.timedelta(days=5)):
        keep_times(TimeCame("publishing.keep_times_of_posts", 10.0))
    held = "skulle bli offentligt"
    assert held not in page(town.kim)
    for shown in (page(town.robin), client.get(edit).content.decode()):
        assert held in shown
        assert "får inte tala i vårt namn nu" in shown
    tenure.update(ends=None)
    assert "Se vem som undertecknar" in page(town.robin)
    unsigned = draft(paper, "Utkastet")
    Tenure.objects.filter(person=town.robin).update(ends=today - dt.timedelta(days=1))
    assert "i vårt namn i dag" in client.get(f"/desk/pages/{unsigned.pk}/edit/").content.decode()


def test_what_was_withdrawn_and_is_held_can_be_left_unpublished(town: Town, paper: Paper) -> None:
    post = draft(paper)
    posts.publish(post, by=paper.editor)
    posts.withdraw(post, "Fel siffra", by=paper.editor)
    PostHold.objects.create(post=post, due_at=clock.now())  # a time was set anew, and came
    client, leave = logged_in(town.robin), "/desk/kalender/lat-vara/"
    waits = client.get("/desk/kalender/").content.decode()
    assert "Låt det vara opublicerat" in waits
    seen = re.search(r'lat-vara/.*?name="seen" value="([^"]*)"', waits, re.DOTALL)
    assert seen is not None
    form = {"post": post.pk, "seen": seen[1]}
    assert logged_in(town.kim).post(leave, form).status_code == 403
    for other in ({"seen": clock.now().isoformat()}, {"seen": "x"}, {"post": "x"}):
        assert "under tiden" in client.post(leave, form | other, follow=True).content.decode()
    assert PostHold.objects.exists()
    left = client.post(leave, form, follow=True).content.decode()
    assert "förblir opublicerat" in left
    assert "skulle bli offentligt" not in left
    assert not Post.objects.get(pk=post.pk).live
    Post.objects.filter(pk=post.pk).update(live=True)  # as where a new wording of what is public was held
    PostHold.objects.create(post=post, due_at=clock.now())
    waits = client.get("/desk/kalender/").content.decode()
    assert "Låt det vara som det är" in waits
    seen = re.search(r'lat-vara/.*?name="seen" value="([^"]*)"', waits, re.DOTALL)
    assert seen is not None
    assert "står kvar som nu" in client.post(leave, form | {"seen": seen[1]}, follow=True).content.decode()


def test_what_is_public_or_promised_stays_and_says_why(town: Town, paper: Paper) -> None:
    post = draft(paper)
    posts.publish(post, by=paper.editor)
    day = clock.today().isoformat()
    assert "redan publicerat" in move(town.robin, f"published-{post.pk}", day=day).content.decode()
    assert "utlovad till någon" in move(town.robin, "letter-2026-000001", day=day).content.decode()
    for odd in ("", "x", "draft-", "draft-9", f"draft-{'9' * 40}", "guest-x"):
        assert "Det finns inte kvar." in move(town.robin, odd, day=day, seen="0").content.decode(), odd
    assert "Välj en dag." in move(town.robin, "guest-1", day="").content.decode()
    assert "Välj en dag." in move(town.robin, "draft-1", day="2026-13-40").content.decode()


def test_a_draft_of_another_is_not_moved_by_who_only_writes(town: Town, paper: Paper) -> None:
    post = draft(paper)
    answer = logged_in(town.kim).post(
        "/desk/kalender/flytta/", {"item": f"draft-{post.pk}", "seen": "0", "day": "2027-01-01"}
    )
    assert answer.status_code == 403
    assert not PostPlan.objects.exists()


def test_the_month_costs_the_same_however_much_stands_in_it(
    town: Town, paper: Paper, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = logged_in(town.by_role[Role.EDITOR])
    address = f"/desk/kalender/?view=month&day={clock.today()}"

    def fill(number: int) -> None:
        plans.plan(draft(paper, f"Plan {number}"), clock.today(), town.kim, seen=0, by=paper.editor)
        draft(paper, f"Utan dag {number}")
        scheduled(paper, clock.today() + dt.timedelta(days=1))
        invite(paper, last_day=clock.today(), email=f"gast{number}@example.org")
        asked = question(town.mailbox, f"Fråga {number}")
        Conversation.objects.filter(pk=asked.pk).update(due_at=clock.now())
        posts.publish(draft(paper, f"Sagt {number}"), by=paper.editor)

    fill(1)
    client.get(address)
    with django_assert_num_queries(ASKED):
        client.get(address)
    for number in (2, 3):
        fill(number)
    with django_assert_num_queries(ASKED):
        client.get(address)


ASKED = 30


def signed(paper: Paper, times: int) -> Post:
    """So many published posts, and a draft, by the same person."""
    for number in range(times):
        posts.publish(draft(paper, f"Sagt {number}"), by=paper.editor)
    return draft(paper, "Nästa")


def test_a_remark_is_said_kindly_to_the_author_and_to_who_holds_it_together(town: Town, paper: Paper) -> None:
    next_one = signed(paper, 6)
    coordinator = town.by_role[Role.COORDINATOR]
    edit = f"/desk/pages/{next_one.pk}/edit/"
    assert "undertecknat" not in logged_in(town.robin).get(edit).content.decode(), "nobody set a limit"
    form = {"percent": "40", "days": "90"}
    assert logged_in(town.robin).post("/desk/kalender/grans/", form).status_code == 403
    saved = logged_in(coordinator).post("/desk/kalender/grans/", form, follow=True)
    assert "Sparat. Det är en anmärkning och hindrar ingen." in saved.content.decode()
    assert "Robin Öst har undertecknat 6 av våra 6 inlägg: 100 %." in page(coordinator)
    for shown in (page(town.robin), logged_in(town.robin).get(edit).content.decode()):
        assert "Du har undertecknat 6 av våra 6 inlägg: 100 %. Vi siktar på högst 40 % på 90 dagar." in shown
        assert "Kim Ek" in shown.partition("Vi siktar på")[2].partition("</li>")[0][:400]
    assert "undertecknat" not in page(town.kim), "a share is nobody else's business"
    posts.publish(next_one, by=paper.editor)
    assert Post.objects.get(pk=next_one.pk).live, "a remark stops nobody"


def test_a_wrong_limit_is_refused_in_the_form(town: Town) -> None:
    client = logged_in(town.by_role[Role.COORDINATOR])
    answer = client.post("/desk/kalender/grans/", {"percent": "140", "days": "1"})
    assert answer.status_code == 200
    assert answer.content.decode().count("desk-field-error") == 2
