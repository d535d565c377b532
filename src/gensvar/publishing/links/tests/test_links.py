"""Links of ours: found in what is public, looked at by the runner, judged over days, decided by people."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.core import clock, runner
from gensvar.core.access import NotAllowed
from gensvar.core.outside.fetching import Seen, Trouble
from gensvar.core.outside.tests.server import leads, page, serving
from gensvar.core.recurring import TimeCame
from gensvar.core.roles import Role
from gensvar.people.tests.factories import make_function, make_person, make_user
from gensvar.publishing import short_links
from gensvar.publishing.links import addresses, dead_ends, deciding, gathering, looking, queries
from gensvar.publishing.links.models import DeadShortLink, LinkUse, OutsideLink
from gensvar.publishing.links.sites import is_parked, site_of
from gensvar.publishing.models import ShortLink
from gensvar.publishing.posts.models import Source

pytestmark = pytest.mark.django_db
State = OutsideLink.State
ADDRESS = "https://social.example/@norrvik"
HOURLY = TimeCame("links.gather", 3600)


def at(time: dt.timedelta, seen: Seen, link: OutsideLink) -> OutsideLink:
    """The link after a look that long from now."""
    with clock.moved(time):
        looking.settle(link.pk, looking.understood(seen))
    link.refresh_from_db()
    return link


def well(title: str = "Norrvik", *, me: bool = False, address: str = ADDRESS, **said: Any) -> Seen:
    """A page that answers."""
    back = f'<a rel="me" href="{min(looking.own_pages())}">vi</a>' if me else ""
    return Seen(address, 200, body=f"<title>{title}</title>{back}<p>Hej</p>".encode(), **said)


@pytest.fixture
def place() -> ContactPoint:
    return make_contact_point(make_function(), channel="elsewhere", address=ADDRESS, archiving="E-arkivet")


@pytest.fixture
def link(place: ContactPoint) -> OutsideLink:
    gathering.keep({(place.page, LinkUse.Kind.PLACE.value, str(place.pk))})
    return OutsideLink.objects.get()


HOURS = [dt.timedelta(hours=hours) for hours in (0, 1, 7, 31, 55, 79)]


def test_a_link_is_called_broken_only_after_several_looks_over_days(link: OutsideLink) -> None:
    at(HOURS[0] - dt.timedelta(days=1), well(), link)
    states = [at(time, Seen(ADDRESS, trouble=Trouble.NO_NAME), link).state for time in HOURS]
    assert states == [State.DOUBTED] * 5 + [State.BROKEN]
    assert queries.sentence(link.finding, link.details)
    assert [one.finding for one in link.looks.order_by("at")] == ["well"] + ["no_name"] * 6
    assert at(HOURS[-1] + dt.timedelta(days=1), well(), link).state == State.WELL


def test_many_looks_in_one_day_call_nothing_broken(link: OutsideLink) -> None:
    for hour in range(24):
        assert at(dt.timedelta(hours=hour), Seen(ADDRESS, 404), link).state == State.DOUBTED


@pytest.mark.parametrize(
    ("before", "now", "finding"),
    [
        (well(), well(address="https://casino.example/"), "moved"),
        (well(me=True), well(), "unlinked"),
        (well("Norrvik kommun"), well("Best casino bonus"), "other"),
        (well(), well("norrvik.example: this domain is for sale"), "parked"),
        (well(), Seen(ADDRESS, 403), "barred"),
        (well(), Seen(ADDRESS, trouble=Trouble.INSIDE), "inside"),
    ],
)
def test_another_owner_is_suspected_at_the_second_look_and_said_in_words(
    link: OutsideLink, before: Seen, now: Seen, finding: str
) -> None:
    at(dt.timedelta(), before, link)
    assert at(dt.timedelta(days=1), now, link).state == State.DOUBTED
    assert at(dt.timedelta(days=1, hours=13), now, link).finding == finding
    assert link.state in {State.STRANGE, State.BARRED}
    assert list(queries.in_need()) == [link]
    assert "%(" not in queries.sentence(link.finding, link.details)


def test_small_changes_are_no_other_owner(link: OutsideLink) -> None:
    at(dt.timedelta(), well("Norrvik kommun på nätet"), link)
    for title in ("Norrviks kommun", "Kommun i snö", ""):
        assert at(dt.timedelta(days=1), well(title), link).state == State.WELL
    moved = well("Kommun i snö", address="https://www.social.example/x")
    assert at(dt.timedelta(days=1), moved, link).state == State.WELL


def test_a_page_that_links_back_makes_the_place_verified_and_ceases_to_at_once(
    link: OutsideLink, place: ContactPoint, client: Client
) -> None:
    at(dt.timedelta(), well(me=True), link)
    shown = client.get("/en/har-finns-vi").content.decode()
    assert "Verified: this page links back to us" in shown
    assert client.get("/har-finns-vi.json").json()["places"][0]["verified"] is True
    assert f'<link rel="me" href="{ADDRESS}">' in client.get("/").content.decode()
    at(dt.timedelta(days=1), Seen(ADDRESS, trouble=Trouble.SLOW), link)
    assert ContactPoint.objects.get().verified  # nobody saw the page
    at(dt.timedelta(days=2), well(), link)
    assert not ContactPoint.objects.get().verified
    assert "Verified" not in client.get("/en/har-finns-vi").content.decode()


def test_the_runner_looks_one_address_of_a_host_a_minute_and_outside_transactions(settings: Any) -> None:
    with serving() as server:
        settings.GENSVAR_LINK_CHECKS = True
        settings.GENSVAR_LINK_CHECKS_LET_THROUGH = [server.pair]
        server.pages |= {"/a": page("<title>A</title>"), "/b": leads("/a")}
        gathering.keep({(server.at(path), LinkUse.Kind.SOURCE.value, "1") for path in ("/a", "/b")})
        fact = TimeCame("links.ask_for_looks", 60)
        for ran in (1, 2):
            with clock.moved(dt.timedelta(hours=1)):
                looking.ask_for_looks(fact)
                assert runner.run_waiting() == 1
            assert OutsideLink.objects.filter(state=State.WELL).count() == ran
        settings.GENSVAR_LINK_CHECKS = False
        with clock.moved(dt.timedelta(days=30)):
            looking.ask_for_looks(fact)
            assert runner.run_waiting() == 0


def test_what_is_public_is_gathered_and_what_is_not_any_more_rests_with_its_history(
    place: ContactPoint,
) -> None:
    source = Source.objects.create(
        title="Bada", medium="Bladet", date=clock.today(), url="https://Bladet.example/a#b"
    )
    gathering.gather(HOURLY)()
    found = set(OutsideLink.objects.values_list("address", "uses__kind"))
    assert found == {(ADDRESS, "place"), ("https://bladet.example/a", "source")}
    Source.objects.filter(pk=source.pk).update(url="")
    gathering.gather(HOURLY)()
    assert OutsideLink.objects.get(host="bladet.example").state == State.UNUSED
    Source.objects.filter(pk=source.pk).update(url="https://bladet.example/a")
    gathering.gather(HOURLY)()
    assert OutsideLink.objects.get(host="bladet.example").state == State.NEW


def test_addresses_in_plain_words_end_where_the_sentence_does() -> None:
    text = "Se https://a.example/x_(y), och (https://b.example/). Eller http://c.example/?q=1&r=2!"
    assert addresses.in_words(text) == [
        "https://a.example/x_(y)",
        "https://b.example/",
        "http://c.example/?q=1&r=2",
    ]
    assert addresses.plain("http://[") == addresses.plain("https://" + "a" * 2001) == ""


def test_a_person_says_that_it_is_right_and_the_same_finding_stays_quiet(link: OutsideLink) -> None:
    coordinator, answerer = make_user(Role.COORDINATOR), make_user(Role.ANSWERER)
    for hours in (0, 13):
        at(dt.timedelta(hours=hours), Seen(ADDRESS, 403), link)
    with pytest.raises(NotAllowed):
        deciding.it_is_ours(link, by=answerer)
    deciding.it_is_ours(link, "Den är vår", by=coordinator)
    assert at(dt.timedelta(days=20), Seen(ADDRESS, 403), link).state == State.WELL
    for hours in (0, 13):
        at(dt.timedelta(days=120, hours=hours), Seen(ADDRESS, 403), link)
    assert link.state == State.BARRED
    assert [one.words for one in link.decisions.all()] == ["Den är vår"]


def test_the_place_is_closed_from_the_link_and_stays_listed(link: OutsideLink, place: ContactPoint) -> None:
    coordinator = make_user(Role.COORDINATOR)
    ContactPoint.objects.filter(pk=place.pk).update(archiving="")
    with pytest.raises(ValidationError):
        deciding.close_place(link, ContactPoint.objects.get(), by=coordinator)
    ContactPoint.objects.filter(pk=place.pk).update(archiving="E-arkivet")
    deciding.close_place(link, ContactPoint.objects.get(), by=coordinator)
    link.refresh_from_db()
    assert (link.state, ContactPoint.objects.get().state) == (State.UNUSED, "closed")


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_a_short_link_that_leads_nowhere_is_found_counted_and_let_rest(client: Client, state: str) -> None:
    place = make_contact_point(make_function(), state=state, opened_on=None)
    short = short_links.make(ShortLink.Kind.PLACE, str(place.pk), by=None)
    answer = client.get(f"/k/{short.code}")
    assert answer.status_code == 410
    dead = DeadShortLink.objects.get()
    assert (dead.why, short_links.counts_of([short.pk])) == (DeadShortLink.Why.NOT_SHOWN, {})
    client.get(f"/k/{short.code}")
    assert DeadShortLink.objects.get().followed == 2
    dead_ends.let_rest(dead, by=make_user(Role.COORDINATOR))
    assert queries.count_in_need() == 0
    ContactPoint.objects.update(state="live")
    gathering.gather(HOURLY)()
    assert DeadShortLink.objects.filter(ended_at__isnull=False).count() == 1
    assert client.get(f"/k/{short.code}").status_code == 302
    assert short_links.counts_of([short.pk]) == {short.pk: 1}


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("a.b.example", "b.example"),
        ("x.co.uk", "x.co.uk"),
        ("a.x.co.uk", "x.co.uk"),
        ("me.github.io", "me.github.io"),
        ("example", "example"),
        ("10.0.0.1", "10.0.0.1"),
        ("WWW.Norrvik.Example.", "norrvik.example"),
    ],
)
def test_whose_a_host_is(host: str, site: str) -> None:
    assert site_of(host) == site


def test_a_long_text_about_a_domain_for_sale_is_not_parked() -> None:
    assert is_parked("a.example", "", "Buy this domain")
    assert is_parked("www.sedoparking.com", "", "")
    assert not is_parked("a.example", "Nyheter", "Vi skriver om domäner. " * 100 + "Buy this domain")


def test_the_screen_costs_the_same_however_many_links_there_are(django_assert_max_num_queries: Any) -> None:
    person = make_person("Rut", make_function(coordinates=True), roles=(Role.COORDINATOR,))
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    now = clock.now()
    rows = [
        OutsideLink(
            digest=str(n), address=f"https://a{n}.example/<b>", host="a", since=now, next_at=now,
            state=State.BROKEN, finding="missing", details={"status": 404},
        )
        for n in range(1000)
    ]  # fmt: skip
    OutsideLink.objects.bulk_create(rows)
    client.get("/desk/lankar/")
    with django_assert_max_num_queries(24):
        shown = client.get("/desk/lankar/").content.decode()
    assert "(1000)" in shown
    assert "<b>" not in shown
    assert "https://a" in client.get("/desk/lankar/?p=2").content.decode()
    for address in (
        "/desk/lankar/?list=all",
        "/desk/lankar/?list=short",
        "/desk/kortlankar/",
        "/desk/platser/",
    ):
        assert client.get(address).status_code == 200
    one = OutsideLink.objects.first()
    assert one is not None
    done = client.post(
        f"/desk/lankar/{one.pk}/", {"action": "ours", "words": "Rätt"}, follow=True
    ).content.decode()
    assert "Rätt" in done
    assert client.post(f"/desk/lankar/{one.pk}/", {"action": "x"}).status_code == 404
