"""The inbox as plain pages: what each person sees, how a row reads, and how many questions it costs the database."""

from __future__ import annotations

import pytest
from django.test import Client

from gensvar.core.roles import Role
from gensvar.desk.tests.scene import Town, logged_in, make_town, question

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return make_town()


def test_a_stranger_is_asked_to_log_in() -> None:
    answer = Client().get("/desk/inkorg/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/konto/login/?next=/desk/inkorg/")


def test_the_inbox_is_what_one_lands_on(town: Town) -> None:
    assert logged_in(town.kim).get("/desk/")["Location"] == "/desk/inkorg/"


def test_a_row_says_who_about_what_by_which_form_and_whose_turn(town: Town) -> None:
    found = question(town.mailbox)
    page = logged_in(town.kim).get("/desk/inkorg/?queue=functions").content.decode()
    assert found.number in page
    for words in ("Anna Lind", "Snöröjning på Storgatan", "väntar på oss", "ingens än"):
        assert words in page


def test_nobody_sees_what_belongs_to_another_function(town: Town) -> None:
    found = question(town.school_mailbox, "Läxhjälp")
    client = logged_in(town.kim)
    assert "Läxhjälp" not in client.get("/desk/inkorg/?queue=all").content.decode()
    assert client.get(f"/desk/inkorg/{found.number}/").status_code == 404
    assert logged_in(town.sam).get(f"/desk/inkorg/{found.number}/").status_code == 200
    assert logged_in(town.by_role[Role.REGISTRAR]).get(f"/desk/inkorg/{found.number}/").status_code == 200
