"""Everything that stands in public is found by the one search, with what it is and its place; what is taken away is not."""

from __future__ import annotations

import datetime as dt
import html
import importlib
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils.translation import override

from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.municipality.models import Office
from gensvar.conversations.models import Contact, Message, Participant
from gensvar.core import clock
from gensvar.core.models import User
from gensvar.learning import gate as outcomes
from gensvar.learning.surveys import checking
from gensvar.learning.surveys import services as surveys
from gensvar.learning.surveys.models import FreeText
from gensvar.learning.surveys.sealing import Given
from gensvar.learning.tests.experiments import experiment
from gensvar.learning.tests.leading import House
from gensvar.learning.workshop import services as workshop
from gensvar.people.models import Function, Person
from gensvar.people.tests.factories import user_of
from gensvar.publishing import entries, gate, index
from gensvar.publishing import services as publishing
from gensvar.publishing.appearances import services as appearances
from gensvar.publishing.comments import gate as comments
from gensvar.publishing.comments import moderation
from gensvar.publishing.comments.models import Comment
from gensvar.publishing.posts import services as posts
from gensvar.publishing.tests.appearances_scene import appearance, facts
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.square import standing
from gensvar.square.tests import comments_scene
from gensvar.square.tests.comments_scene import Commented

pytestmark = [pytest.mark.django_db, pytest.mark.full_text]


def hits(words: str, path: str = "/sok") -> list[tuple[str, str]]:
    """The address of each hit and what it is said to be, in the order of the page."""
    page = Client().get(path, {"q": words}).content.decode()
    found = re.findall(r'<h3><a class="ds-link" href="([^"]+)".*?<p class="facts">(.*?)</p>', page, re.DOTALL)
    kinds = [re.sub(r"<[^>]*>", "", facts).partition(" · ")[0] for _address, facts in found]
    return [(html.unescape(address), kind) for (address, _facts), kind in zip(found, kinds, strict=True)]


def addresses(words: str, path: str = "/sok") -> list[str]:
    return [address for address, _kind in hits(words, path)]


def found(words: str) -> list[str]:
    """Where the same search finds them, without a page around it and without looking for other spellings."""
    with override("sv"):
        there = entries.search(words).entries
    assert all(one.finding is not None for one in there), "nothing else has these words"
    return [one.finding.path for one in there if one.finding is not None]


def standing_at(words: str) -> list[str]:
    """The same of what has no date."""
    with override("sv"):
        return [one.path for one in standing.search(gate.sought(words))]


def rows(kind: int) -> int:
    """How many of that kind stand in the index."""
    table = index.further(kind)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table.name} WHERE {table.key} %% 16 = %s", [kind])
        return int(cursor.fetchone()[0])


def test_a_comment_is_found_at_its_own_place_and_by_our_answer_to_it(commented: Commented) -> None:
    one = comments_scene.comment(commented, "Sandlådorna är tomma.")
    assert found("sandlåda") == [], "kept, and not confirmed"
    one = comments_scene.confirm(one)
    if one.state == Comment.State.WAITING:
        assert found("sandlåda") == [], "it waits to be read"
        moderation.show(one, by=commented.rut)
    there = [(f"{commented.page}#kommentar-{one.pk}", "Kommentar")]
    assert hits("sandlådor tomma") == there
    assert found("sandladorna") == []
    page = Client().get("/sok", {"q": "sandlåda"}).content.decode()
    assert "<mark>Sandlådorna</mark> är tomma." in page
    assert "Bea · " in page
    assert comments_scene.BEA not in page
    assert f'id="kommentar-{one.pk}"' in comments_scene.page(commented)
    assert hits("sandlåda", "/en/sok") == [(f"/en{there[0][0]}", "Comment")]


def test_a_comment_that_is_not_shown_any_more_is_gone_at_once(commented: Commented) -> None:
    one = comments_scene.shown(commented, "Sandlådorna är tomma.")
    assert rows(comments.NUMBER) == 1
    moderation.remove(one, comments_scene.ground(), "Så säger vi inte.", by=commented.rut)
    assert (found("sandlåda"), rows(comments.NUMBER)) == ([], 0)
    two = comments_scene.shown(commented, "Gungorna är trasiga.")
    said, writer = Message.objects.filter(comment=two), Contact.objects.filter(messages__comment=two)
    assert len(found("gunga")) == 1
    said.update(may_publish=False)
    assert found("gunga") == [], "the yes to being shown was taken back"
    said.update(may_publish=True)
    writer.update(protected=True)
    assert found("gunga") == [], "the writer has a protected identity"
    writer.update(protected=False)
    assert len(found("gunga")) == 1
    publishing.withdraw(commented.exchange, "Fel", by=commented.town.staff)
    assert found("gunga") == [], "its page is gone"


def test_an_answer_of_ours_under_a_comment_finds_it_until_it_is_hidden(commented: Commented) -> None:
    one = comments_scene.shown(commented, "Sandlådorna är tomma.")
    writer = Participant.objects.get(conversation=one.message.conversation_id)
    comments_scene.scene.answer(commented.town, writer, "Vi fyller på kaolinsand i maj.")
    comments_scene.work()
    said = Message.objects.filter(conversation=one.message.conversation_id, author="staff").latest("pk")
    assert found("kaolinsand") == []
    with clock.moved(dt.timedelta(minutes=5)):
        shown = moderation.show_answer(one, said, said.text, by=commented.rut)
        assert found("kaolinsand sandlåda") == [f"{commented.page}#kommentar-{one.pk}"]
        moderation.hide_answer(shown, by=commented.rut)
    assert found("kaolinsand") == []
    assert len(found("sandlåda")) == 1


def test_a_comment_far_down_a_thread_is_found_on_the_page_of_it_where_it_stands(
    commented: Commented, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comments, "PAGE", 1)
    for number in range(2):
        comments_scene.shown(commented, f"Förslag {number} om gungor.")
    reply = comments_scene.shown(
        commented,
        "Jag håller med om rutschkanan.",
        reply_to=str(Comment.objects.latest("pk").pk),
    )
    assert reply.parent_id is not None
    [address] = found("rutschkanan")
    assert address == f"{commented.page}?kommentarer=2#kommentar-{reply.pk}"
    path, _mark, anchor = address.partition("#")
    assert f'id="{anchor}"' in Client().get(path).content.decode()
    assert found("förslag gunga")[-1] == f"{commented.page}#kommentar-{reply.pk - 2}"


def test_a_comment_under_a_post_is_found_while_the_post_is_shown(commented: Commented) -> None:
    paper = Paper.make()
    post = draft(paper, "Lekplatsen byggs om")
    posts.publish(post, by=paper.editor)
    key = f"{clock.today().year}/{post.slug}"
    one = comments_scene.shown(commented, "Glöm inte fotbollsmålen.")
    Comment.objects.filter(pk=one.pk).update(on_kind="post", on_key=key)
    assert found("fotbollsmål") == [f"/nytt/{key}#kommentar-{one.pk}"]
    posts.withdraw(post, "Fel", by=paper.editor)
    assert found("fotbollsmål") == []


def test_an_experiment_is_found_by_all_that_is_told_of_it_while_it_is_public() -> None:
    house = House()
    tried = experiment(house.ulla, house.function)
    assert found("restiden") == [], "proposed, and nobody's business yet"
    workshop.publish(tried, by=editor(house))
    by = editor(house)
    address = f"/verkstad/{tried.pk}-{tried.slug}"
    assert hits("restid bilarna") == [(address, "Försök")]
    workshop.tell(tried, "Cyklisterna trängs vid hållplatsen.", by=by)
    assert found("cyklist hållplatser") == [address]
    workshop.withdraw(tried, "Fel", by=by)
    assert (found("restiden"), found("cyklist"), rows(8)) == ([], [], 0)


def editor(house: House) -> User:
    """Somebody who may publish."""
    paper = Paper.make()
    assert paper.function != house.function
    return paper.editor


def test_an_appearance_is_found_by_where_it_was_also_before_it_was_corrected() -> None:
    paper = Paper.make()
    one = appearance(paper.person, paper.function, by=paper.editor)
    [(address, kind)] = hits("intervju Norrvikskuriren")
    assert kind == "Där vi har talat"
    path, _mark, anchor = address.partition("#")
    assert f'id="{anchor}"' in Client().get(path).content.decode()
    assert hits("interview Norrvikskuriren", "/en/sok") == [(f"/en{address}", "Where we spoke")]
    appearances.correct(
        one,
        facts(paper.person, paper.function, place="Radio Norrvik"),
        "Det var radion.",
        by=paper.editor,
    )
    assert (found("radio"), found("kuriren Norrvikskuriren")) == ([address], [])
    assert found("Norrvikskuriren") == [address], "what stood there is still read on the page"
    appearances.withdraw(one, "Fel", by=paper.editor)
    assert (found("radio"), found("Norrvikskuriren"), rows(7)) == ([], [], 0)


def test_a_survey_is_found_by_its_questions_and_by_what_was_released_never_by_what_was_kept_back() -> None:
    house = House()
    given: list[Given] = [{"direction": 5, "keep": f"Fikat på {day}."} for day in "abc"]
    survey = house.closed(*given, {"direction": 4}, {"direction": 4})
    assert found("fika") == []
    texts = list(FreeText.objects.filter(survey=survey).order_by("words"))
    checking.keep_back(texts[0], "Pekar ut någon.", by=house.by)
    for text in texts[1:]:
        checking.release(text, text.words, by=house.by)
    surveys.publish(survey, by=house.by)
    survey.refresh_from_db()
    assert hits("fikat") == [(f"/hur-vi-leder/{survey.slug}", "Enkät om hur vi leder")]
    checking.keep_back(FreeText.objects.get(pk=texts[1].pk), "Pekar ut någon.", by=house.by)
    assert len(found("fikat")) == 1
    checking.keep_back(FreeText.objects.get(pk=texts[2].pk), "Pekar ut någon.", by=house.by)
    assert found("fikat") == []
    question = survey.form.questions.order_by("place")[0].words
    assert found(question) == [f"/hur-vi-leder/{survey.slug}"]
    surveys.withdraw(survey, "Fel", by=house.by)
    assert (found(question), rows(9)) == ([], 0)


def test_places_functions_and_counters_are_found_at_their_places() -> None:
    town = comments_scene.scene.town()
    place = ContactPoint.objects.create(
        channel="email", address="bad@norrvik.example", name="Simhallens brevlåda", function=town.function
    )
    assert standing_at("simhall") == [], "it is being prepared"
    ContactPoint.objects.filter(pk=place.pk).update(
        state="live", opened_on=clock.today(), purpose="Frågor om bastun."
    )
    assert hits("simhallen bastun") == [(f"/har-finns-vi#plats-{place.pk}", "Här finns vi")]
    ContactPoint.objects.filter(pk=place.pk).update(state="closed", closed_on=clock.today())
    assert hits("simhallen bastun") == [(f"/har-finns-vi#plats-{place.pk}", "Här fanns vi")]
    function = Function.objects.create(slug="bibliotek", name="Biblioteken", purpose="Lån och läsfrämjande.")
    assert hits("läsfrämjande") == [("/vi-svarar#bibliotek", "De som svarar")]
    Function.objects.filter(pk=function.pk).update(active=False)
    assert standing_at("läsfrämjande") == []
    counter = Office.objects.create(name="Medborgarkontoret", function=town.function, address="Torggatan 9")
    assert hits("torggatan") == [(f"/kontakt#besok-{counter.pk}", "Kom förbi")]
    assert f'id="besok-{counter.pk}"' in Client().get("/kontakt").content.decode()
    Office.objects.filter(pk=counter.pk).update(closed_on=clock.today())
    assert standing_at("torggatan") == []


def test_a_person_is_found_among_those_who_answer_only_while_they_agree_to_be_named() -> None:
    paper = Paper.make()
    Person.objects.filter(pk=paper.person.pk).update(name="Vendela Kvist", shown=False)
    assert standing_at("Vendela") == []
    Person.objects.filter(pk=paper.person.pk).update(shown=True)
    assert hits("Vendela Kvist") == [(f"/vi-svarar#{paper.function.slug}", "De som svarar")]


def test_a_slip_of_the_pen_leads_to_a_comment(commented: Commented) -> None:
    comments_scene.shown(commented, "Sandlådan är tom.")
    for asked in ("sanlådan", "sandladan", "sand lådan"):
        page = Client().get("/sok", {"q": asked}).content.decode()
        assert "Menade du" in page, asked
        assert ">sandlådan</a>?" in page, asked


def test_a_slip_of_the_pen_leads_to_a_place_and_to_a_function() -> None:
    town = comments_scene.scene.town()
    Function.objects.create(slug="bibliotek", name="Biblioteken", purpose="Läsfrämjande")
    Office.objects.create(name="Medborgarkontoret", function=town.function, address="Torggatan 9")
    for asked, meant in (("bibilotek", "biblioteken"), ("torgatan", "torggatan")):
        assert f">{meant}</a>?" in Client().get("/sok", {"q": asked}).content.decode(), asked


def test_what_stands_in_the_index_alone_finds_nothing(commented: Commented) -> None:
    one = comments_scene.shown(commented, "Sandlådan är tom.")
    index.put(one.pk, ["kamel"], index.further(comments.NUMBER))
    for kind in (3, 7, 8, 9):
        index.put(1, ["kamel"], index.further(kind))
    assert hits("kamel") == []
    assert "Menade du" not in Client().get("/sok", {"q": "kamell"}).content.decode()


@pytest.fixture
def everything(commented: Commented) -> list[str]:
    """One of each kind that holds the word “gunga”, and the addresses at which they are found."""
    comments_scene.shown(commented, "Gungan är trasig.")
    house = House()
    workshop.publish(experiment(house.ulla, house.function, tries="Gungor för alla."), by=editor(house))
    given: list[Given] = [{"direction": 5, "keep": "Gungorna."} for _ in range(5)]
    survey = house.published(*given)
    paper = Paper.make()
    appearance(paper.person, paper.function, by=paper.editor, place="Gungans dag")
    where = addresses("gungor")
    assert f"/hur-vi-leder/{survey.slug}" in where
    assert len(where) == 4
    return where


def test_the_index_can_be_made_anew_and_migrations_fill_it_for_a_town_that_stands(
    everything: list[str],
) -> None:
    def migrate() -> None:
        for app in ("publishing.migrations.0025", "learning.migrations.0004"):
            migration = importlib.import_module(f"gensvar.{app}_everything_public_is_found")
            migration.fill(apps, SimpleNamespace(connection=connection))

    def reindex() -> None:
        outcomes.reindex()
        assert [kind.reindex() for kind in entries.searched()] == [1, 1, 1, 1]

    for fill in (reindex, migrate, reindex):
        index.clear(index.FURTHER)
        assert found("gungor") == []
        fill()
        assert found("gungor") == everything


def test_a_search_costs_as_much_for_many_comments_as_for_one(
    commented: Commented, django_assert_num_queries: Callable[[int], Any]
) -> None:
    client = Client()
    for more in (3, 1):  # fewer than three would have other spellings looked for
        for number in range(more):
            comments_scene.shown(commented, f"Gungan {number} är trasig.", email=f"bea{more}@post.example")
        with django_assert_num_queries(19):
            page = client.get("/sok", {"q": "gunga"}).content.decode()
    assert page.count("#kommentar-") == 4


def test_a_search_turns_its_pages_over_kinds_and_passes_nothing_over(
    everything: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    before = None
    for _ in range(4):
        page = entries.search("gungor", before, 1)
        seen += [one.finding.path for one in page.entries if one.finding is not None]
        before = page.next
    assert (seen, before) == (everything, None)


def test_staff_find_nothing_else_than_everybody(commented: Commented) -> None:
    comments_scene.comment(commented, "Hemliga sandlådor.")
    client = Client()
    client.force_login(user_of(Person.objects.get(user=commented.rut)))
    assert "kommentar-" not in client.get("/sok", {"q": "hemliga"}).content.decode()
