"""Places: opened with a purpose, found by address, listed, and spoken from."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from gensvar.contactpoints import queries, services, watching
from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.core import clock
from gensvar.core.access import NotAllowed
from gensvar.core.models import User
from gensvar.core.roles import PERMISSIONS, May, Role
from gensvar.people.models import Tenure
from gensvar.people.tests.factories import make_absence, make_function, make_person, make_user, user_of

pytestmark = pytest.mark.django_db


def a_place(**fields: object) -> ContactPoint:
    values = {
        "channel": "email",
        "address": "Gata@Norrvik.Example",
        "name": "Gatan",
        "purpose": "Frågor",
        "notice": "Det du skriver blir en allmän handling.",
        "archiving": "E-arkivet",
        **fields,
    }
    place = ContactPoint(**values)
    for field, name in (("owner", "Kim"), ("deputy", "Sam")):
        if field not in fields:
            setattr(place, field, make_person(name, place.function))
    return place


def opened(place: ContactPoint, *, by: User | None) -> list[str]:
    """As its screen does where *live* is chosen; gives the warnings."""
    place.state = ContactPoint.State.LIVE
    return services.save_contact_point(place, by=by)


def test_an_address_is_kept_in_the_channels_one_form() -> None:
    place = a_place(function=make_function())
    opened(place, by=None)
    assert place.address == "gata@norrvik.example"
    assert place.opened_on == clock.today()
    assert queries.receiving("email", "gata@norrvik.example") == place


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"purpose": " "}, "purpose"), ({"address": "gatan"}, "address"), ({"channel": "duvpost"}, "channel")],
)
def test_a_place_that_does_not_hold_together_does_not_open(fields: dict[str, str], field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        opened(a_place(function=make_function(), **fields), by=None)
    assert field in refusal.value.message_dict
    assert not ContactPoint.objects.exists()


def test_a_place_does_not_open_for_a_function_that_is_not_active() -> None:
    with pytest.raises(ValidationError):
        opened(a_place(function=make_function(active=False)), by=None)


@pytest.mark.parametrize("field", ["notice", "owner", "deputy", "archiving"])
def test_a_place_opens_only_with_notice_owner_deputy_and_archiving_decision(field: str) -> None:
    place = a_place(function=make_function())
    kept = getattr(place, field)
    setattr(place, field, "" if isinstance(kept, str) else None)
    with pytest.raises(ValidationError) as refusal:
        opened(place, by=None)
    assert list(refusal.value.message_dict) == [field]
    place.state = ContactPoint.State.DRAFT
    services.save_contact_point(place, by=None)
    setattr(place, field, kept)
    opened(place, by=None)
    setattr(place, field, "" if isinstance(kept, str) else None)
    with pytest.raises(ValidationError):
        services.save_contact_point(place, by=None)


def test_a_place_that_was_open_before_stays_open_and_says_what_it_lacks() -> None:
    place = make_contact_point(make_function())
    place.hours = "Dygnet runt"
    assert len(services.save_contact_point(place, by=None)) == 5
    assert set(services.lacking(place)) == {"notice", "owner", "deputy", "archiving"}
    with pytest.raises(ValidationError):  # where are its words kept?
        services.close_contact_point(place, by=None)
    place.archiving = "E-arkivet"
    place.save()
    services.close_contact_point(place, by=None)
    with pytest.raises(ValidationError):
        opened(place, by=None)


def test_two_places_cannot_share_an_address() -> None:
    function = make_function()
    opened(a_place(function=function), by=None)
    with pytest.raises(ValidationError):
        opened(a_place(function=function, address="GATA@norrvik.example"), by=None)


def test_what_is_missing_is_said_in_words() -> None:
    function = make_function()
    owner, deputy = make_person("Kim", function), make_person("Sam", function)
    assert opened(a_place(function=function, owner=owner, deputy=deputy), by=None) == []
    place = ContactPoint.objects.get()
    User.objects.filter(pk=user_of(deputy).pk).update(is_active=False)
    (unable,) = services.warnings_of(place)
    assert unable.startswith("Sam "), "not away for a day: what is wrong is the log-in"
    User.objects.filter(pk=user_of(deputy).pk).update(is_active=True)
    make_absence(owner)
    assert len(services.warnings_of(place)) == 1
    Tenure.objects.filter(person=deputy).update(ends=clock.today() - dt.timedelta(days=1))
    assert len(services.warnings_of(place)) == 2
    place.owner = place.deputy = None
    assert len(services.warnings_of(place)) == 2


def test_a_closed_place_takes_nothing_in_and_stays_listed() -> None:
    place = a_place(function=make_function())
    opened(place, by=None)
    services.close_contact_point(place, by=None)
    assert queries.receiving("email", place.address) is None
    assert queries.directory().closed == [place]
    assert place.address in queries.own_addresses("email")


def test_a_place_that_closes_unopened_never_stands_in_the_directory() -> None:
    place = a_place(function=make_function())
    services.save_contact_point(place, by=None)
    services.close_contact_point(place, by=None)
    assert queries.directory().closed == []


def test_words_to_an_address_that_a_place_had_before_arrive_until_it_is_ended_or_taken() -> None:
    function = make_function()
    old, new = "gata@norrvik.example", "gator@norrvik.example"
    place = a_place(function=function)
    opened(place, by=None)
    place.address = new
    services.save_contact_point(place, by=None)
    assert queries.receiving("email", old) == queries.receiving("email", new) == place
    assert {old, new} <= queries.own_addresses("email"), "nobody of ours is answered there"
    services.close_contact_point(place, by=None)
    assert queries.receiving("email", old) is None
    assert queries.receiving("email", old, closed=True) == place
    opened(place, by=None)
    services.end_former_address(place.former_addresses.get(), by=None)
    assert queries.receiving("email", old) is None

    place.address = old  # back again, and once more away
    services.save_contact_point(place, by=None)
    place.address = new
    services.save_contact_point(place, by=None)
    other = a_place(function=function, address=old)
    assert queries.receiving("email", old) == place
    opened(other, by=None)
    assert queries.receiving("email", old) == other
    services.close_contact_point(other, by=None)
    assert queries.receiving("email", old) is None, "what was taken over does not come back"


def test_what_is_not_a_mailbox_takes_nothing_where_it_was() -> None:
    for name, was, now in (
        ("elsewhere", "https://social.example/@norrvik", "https://social.example/@kommunen"),
        ("web", "skriv", "fraga"),
    ):
        place = a_place(function=make_function(name), channel=name, address=was)
        opened(place, by=None)
        place.address = now
        services.save_contact_point(place, by=None)
        assert not place.former_addresses.exists(), name


@pytest.mark.parametrize("role", list(Role))
def test_only_those_who_may_change_places(role: Role) -> None:
    user, place = make_user(role), a_place(function=make_function())
    if May.MANAGE_PLACES in PERMISSIONS[role]:
        opened(place, by=user)
        services.close_contact_point(place, by=user)
    else:
        with pytest.raises(NotAllowed):
            opened(place, by=user)


def test_the_directory_tells_talking_from_following_and_asks_once(
    django_assert_num_queries: object,
) -> None:
    function = make_function()
    talk, follow = make_contact_point(function), make_contact_point(function, place="feed")
    make_contact_point(function, state="draft")
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = queries.directory()
        names = [str(place.function) for place in (*found.dialogue, *found.feeds)]
    assert (found.dialogue, found.feeds, found.closed) == ([talk], [follow], [])
    assert names == ["Gata & park", "Gata & park"]


def test_a_function_speaks_from_its_own_place_else_from_the_one_that_holds_it_together() -> None:
    streets, information, school = (
        make_function(),
        make_function("Info", coordinates=True),
        make_function("Skola"),
    )
    any_place = make_contact_point(school)
    assert queries.speaking("email", streets) == any_place
    central = make_contact_point(information)
    assert queries.speaking("email", streets) == central
    own = make_contact_point(streets)
    assert queries.speaking("email", streets) == own
    own.state = "closed"
    own.save()
    assert queries.speaking("email", streets) == central
    assert queries.speaking("fax", streets) is None


def test_settings_that_the_channel_does_not_know_are_left_aside() -> None:
    place = make_contact_point(make_function(), settings={"sender_name": "Gatan", "colour": "green"})
    assert queries.channel_settings(place).sender_name == "Gatan"


def test_what_was_open_once_is_closed_with_a_day_and_never_hidden() -> None:
    place = a_place(function=make_function())
    opened(place, by=None)
    place.state = ContactPoint.State.DRAFT
    with pytest.raises(ValidationError):
        services.save_contact_point(place, by=None)
    place.state = ContactPoint.State.CLOSED
    services.save_contact_point(place, by=None)
    assert ContactPoint.objects.get().closed_on == clock.today()


def test_who_holds_the_function_writes_down_that_they_looked_and_nobody_else() -> None:
    function = make_function()
    kim, sam = make_person("Kim", function), make_person("Sam", make_function("Skola"))
    place = make_contact_point(function, channel="elsewhere", address="https://social.example/@norrvik")
    today = clock.today()
    assert watching.asks_for_looks(place)
    assert not watching.is_watched(place, None, today)
    assert kim.user is not None
    assert sam.user is not None
    watching.look(place, "Två  frågor", by=kim.user)
    watching.look(place, by=kim.user)
    with pytest.raises(NotAllowed):
        watching.look(place, by=sam.user)
    assert [(one.by, one.words) for one in place.looks.all()] == [(kim.user, "Två frågor")]
    last = watching.last_looks([place])[place.pk]
    assert watching.is_watched(place, last, today)
    assert not watching.is_watched(place, last, today + dt.timedelta(days=1))
    assert not watching.asks_for_looks(make_contact_point(function))
