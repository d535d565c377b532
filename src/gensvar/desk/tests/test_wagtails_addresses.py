"""Which of Wagtail's own addresses a role reaches: those it works with, and no other. A new one is closed until it is named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import pytest
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver
from wagtail.admin.urls import urlpatterns as wagtailadmin_urls

from gensvar.core.models import User
from gensvar.core.roles import EXTERNAL_ALONE, May, Role
from gensvar.desk import gaps
from gensvar.desk.tests.scene import Town, logged_in
from gensvar.people.tests.factories import user_of

pytestmark = pytest.mark.django_db

CLOSED: Final = frozenset(
    {
        "",  # what Wagtail's shell does not know, and a test page of its own
        "wagtailadmin_api",
        "wagtailadmin_collections",
        "wagtailadmin_error_test",
        "wagtailadmin_password_reset_complete",
        "wagtailadmin_password_reset_confirm",
        "wagtailadmin_password_reset_done",
        "wagtailadmin_reports",
        "wagtailadmin_workflows",
        "wagtaildocs",
        "wagtaildocs_chooser",
        "wagtaillocales",
        "wagtailsettings",
        "wagtailsites",
        "wagtailusers_groups",
        "wagtailusers_users",
    }
)
EXAMPLES: Final = {"int": "1", "str": "1", "slug": "x"}  # of an argument, by its converter
BEFORE: Final = frozenset(  # the desk's own addresses stand before these
    {
        "wagtailadmin_home",
        "wagtailadmin_account",
        "wagtailadmin_login",
        "wagtailadmin_logout",
        "wagtailadmin_password_reset",
    }
)


def wagtails(
    patterns: Sequence[URLPattern | URLResolver] = wagtailadmin_urls, before: str = "", key: str = ""
) -> Iterator[tuple[str, str]]:
    """Every address of Wagtail's admin: its namespace, or its name without one, and an example of it."""
    for one in patterns:
        route = before + re.sub(
            r"<(\w+):\w+>", lambda found: EXAMPLES[found[1]], str(one.pattern).strip("^$")
        )
        if isinstance(one, URLResolver):
            yield from wagtails(one.url_patterns, route, key or one.namespace or "")
        elif "(" not in route and ".*" not in route:
            yield key or one.name or "", f"/desk/{route}".replace("<uidb64>/<token>", "1/1")


def test_every_address_of_wagtails_is_open_by_name_or_closed() -> None:
    assert {key for key, _ in wagtails()} == gaps.OPEN | gaps.POSTS | CLOSED | BEFORE


def test_what_a_role_does_not_work_with_of_wagtails_is_not_there(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bare(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=404)

    monkeypatch.setattr("gensvar.desk.gaps.not_here", bare)  # its page is made four hundred times else
    addresses = list(wagtails())
    for role, there in ((Role.REGISTRAR, gaps.OPEN), (Role.EDITOR, gaps.OPEN | gaps.POSTS)):
        client = logged_in(town.by_role[role])
        found = {
            address
            for key, address in addresses
            if key not in there | BEFORE and client.get(address).status_code != 404
        }
        assert found == set()


@pytest.mark.parametrize(
    "address",
    [
        "/desk/documents/chooser/chosen/x/",
        "/desk/images/chooser/chosen/x/",
        "/desk/images/chooser/chosen/99999999999999999999/",
        "/desk/images/chooser/chosen-multiple/?id=x",
        "/desk/documents/chooser/chosen-multiple/?id=1&id=%00",
        "/desk/failwhale/",
    ],
)
def test_what_wagtail_would_answer_with_a_fault_is_not_there(town: Town, address: str) -> None:
    client = Client()
    for person in (town.kim, town.robin, town.by_role[Role.ADMINISTRATOR]):
        client.force_login(user_of(person))
        assert client.get(address).status_code == 404
    assert Client().get(address).status_code == 404


def test_what_is_not_there_is_said_in_the_desk_with_a_way_back_and_to_a_stranger_nothing(town: Town) -> None:
    kim = logged_in(town.kim)
    for address in ("/desk/finns-inte/", "/desk/users/", "/desk/pages/999999/edit/"):
        page = kim.get(address)
        assert page.status_code == 404
        assert 'href="/desk/"' in page.content.decode()
        assert "Till din första sida" in page.content.decode()
        assert "no-store" in page["Cache-Control"]
        assert Client().get(address).status_code == 302


def test_of_wagtails_own_pages_roles_open_those_of_posts_alone(town: Town) -> None:
    for role in Role:
        client = Client()
        user = user_of(town.by_role[role])
        client.force_login(user)
        for address in ("/desk/users/", "/desk/groups/", "/desk/documents/"):
            assert client.get(address).status_code in {302, 403, 404}, (role, address)
        for address in (
            "/desk/pages/",
            "/desk/images/",
            "/desk/snippets/",  # sources and series
        ):  # pictures of posts: a conversation's are no Wagtail images
            status = client.get(address).status_code
            assert status == 200 if user.may(May.WRITE_POSTS) else status in {302, 403, 404}, (role, address)


def test_wagtails_form_of_log_ins_gives_external_beside_no_other_role(town: Town) -> None:
    client, outsider = Client(), user_of(town.by_role[Role.EXTERNAL])
    client.force_login(User.objects.create_superuser("root@norrvik.example", "secret"))
    both = list(Group.objects.filter(name__in=[Role.EXTERNAL, Role.EDITOR]).values_list("pk", flat=True))
    fields = {"email": outsider.email, "first_name": "Eva", "last_name": "Ek", "is_active": "on"}
    for address in (f"/desk/users/edit/{outsider.pk}/", "/desk/users/new/"):
        page = client.post(address, {**fields, "groups": both})
        assert str(EXTERNAL_ALONE) in page.content.decode()
    many = f"/desk/bulk/core/user/assign_role/?next=/desk/users/&id={outsider.pk}&id={user_of(town.kim).pk}"
    page = client.post(many, {"role": Group.objects.get(name=Role.EDITOR).pk}, follow=True)
    assert "Den som är extern har ingen annan roll. Inget har ändrats." in page.content.decode()
    assert user_of(town.kim).roles == {Role.ANSWERER}
    assert user_of(town.by_role[Role.EXTERNAL]).roles == {Role.EXTERNAL}
    client.post(many.replace(f"&id={outsider.pk}", ""), {"role": Group.objects.get(name=Role.EDITOR).pk})
    assert user_of(town.kim).roles == {Role.ANSWERER, Role.EDITOR}
