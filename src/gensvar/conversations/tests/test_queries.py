"""Lists and search: right, fast by number of queries, and never more than one may see."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gensvar.conversations import counts, queries, services
from gensvar.conversations.models import Conversation
from gensvar.conversations.queries import QueueName
from gensvar.conversations.stems import stem, stems
from gensvar.conversations.tests.scene import Scene
from gensvar.core import clock
from gensvar.core.models import User
from gensvar.core.roles import Role
from gensvar.people.tests.factories import make_function, make_person, make_user, user_of

pytestmark = [pytest.mark.django_db, pytest.mark.full_text]


def found(user: User, text: str, **filters: Any) -> list[str]:
    """Subjects of what a search finds, in order."""
    return [row.subject for row in queries.search_messages(user, text, **filters).rows]


# --- Words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("snöröjning", "snöröjningen"),
        ("lekplats", "lekplatserna"),
        ("Vägar", "vägen"),
        ("IDÉN", "iden"),
        ("müller", "muller"),
    ],
)
def test_forms_of_a_word_are_one(one: str, other: str) -> None:
    assert stems(one) == stems(other)


@pytest.mark.parametrize(
    ("one", "other"), [("vagen", "vägen"), ("får", "far"), ("hål", "hal"), ("höra", "hora")]
)
def test_swedish_letters_are_letters_of_their_own(one: str, other: str) -> None:
    assert stems(one) != stems(other)


def test_letters_written_in_two_parts_are_the_same_letters() -> None:
    assert stems("va\u0308gen") == stems("vägen")
    assert stem("123") == "123"
    assert stems("a_b 2026-000123") == ["a", "b", "2026", "000123"]


# --- Search -------------------------------------------------------------------------------------------


def test_search_finds_forms_of_words_newest_first_on_both_databases(scene: Scene, boss: User) -> None:
    scene.mail("Tack för snöröjningen", subject="Första")
    scene.mail("Ingen plogade vägarna", subject="Andra", sender="Bo Öberg <bo@example.se>")
    scene.mail("Vagen av märke X står i vägen för snöröjning", subject="Tredje")
    assert found(boss, "snöröjning") == ["Tredje", "Första"]
    assert found(boss, "vagen") == ["Tredje"]
    assert found(boss, "väg") == ["Tredje", "Andra"]
    assert found(boss, "öberg") == ["Andra"]
    assert found(boss, "vägarnas märket") == ["Tredje"]  # a form that has a stem of its own in the index
    assert found(boss, "bo@example.se vägen") == ["Andra"]
    assert found(boss, "finns inte") == found(boss, "") == found(boss, "!?*") == []


def test_search_is_narrowed_by_function_channel_and_state(scene: Scene, boss: User) -> None:
    school = Scene("skolan@norrvik.example")
    scene.mail("plogen", subject="Gatan")
    school.mail("plogen", subject="Skolan")
    assert found(boss, "plogen", function=school.function) == ["Skolan"]
    assert found(boss, "plogen", channel="email") == ["Skolan", "Gatan"]
    assert found(boss, "plogen", channel="web") == []
    assert found(boss, "plogen", state="closed") == []


def test_search_shows_nobody_what_they_may_not_see(scene: Scene) -> None:
    kim, outsider = user_of(scene.kim), user_of(make_person("Bo Berg", make_function("Skolan")))
    scene.mail("hemligheten", subject="Hemligt")
    assert found(kim, "hemlighet") == ["Hemligt"]
    for user in (outsider, make_user(), make_user(Role.ADMINISTRATOR), make_user(Role.ANSWERER)):
        assert found(user, "hemlighet") == []


ODD_QUESTIONS = [
    "'",
    '"',
    "a OR b",
    "NEAR(a b)",
    "a*",
    "=f1",
    "a & | ! b",
    ":*",
    "\\",
    "a\0b",
    "x" * 5000,
    "{{7*7}}",
]


def test_no_question_is_an_error_or_a_command(scene: Scene, boss: User) -> None:
    scene.mail("hej")
    kim = user_of(scene.kim)
    for text in [*ODD_QUESTIONS, "%s %(x)s", "🙂 ℵ ꙮ", "अआ"]:
        queries.search_messages(boss, text)
        queries.search_messages(kim, text)


def test_pages_of_a_search_follow_without_gaps_or_repeats(scene: Scene, boss: User) -> None:
    for number in range(7):
        scene.mail("plogen", subject=f"Ämne {number}", message_id=f"m{number}@x")
    scene.mail("plogen igen", headers=("In-Reply-To: <m1@x>",))
    seen: list[str] = []
    before = None
    for _ in range(5):
        page = queries.search_messages(boss, "plogen", before=before, size=2)
        seen += [row.subject for row in page.rows]
        before = page.next
        if before is None:
            break
    assert seen == ["Ämne 1", *(f"Ämne {n}" for n in (6, 5, 4, 3, 2, 0))]


def test_a_search_costs_the_same_whatever_it_finds(scene: Scene, boss: User) -> None:
    def cost(text: str) -> int:
        user = User.objects.get(pk=boss.pk)
        with CaptureQueriesContext(connection) as captured:
            queries.search_messages(user, text)
        return len(captured)

    scene.mail("plogen")
    one = cost("plogen")
    for number in range(12):
        scene.mail(f"plogen {number}")
    assert cost("plogen") == one <= 7


# --- Lists ------------------------------------------------------------------------------------------------


def test_every_queue_and_its_number_agree(scene: Scene, boss: User) -> None:
    kim = user_of(scene.kim)
    school = Scene("skolan@norrvik.example")
    made = [scene.mail(f"ord {n}").conversation for n in range(8)]
    school.mail("skolans")
    services.assign(made[0], scene.kim, by=kim)
    scene.answer(made[1])
    services.close(made[2], by=kim)
    services.mark_spam(made[3], by=kim)
    services.snooze(made[4], clock.now() + dt.timedelta(days=1), by=kim)
    Conversation.objects.filter(pk=made[5].pk).update(due_at=clock.now() - dt.timedelta(days=1))
    scene.answer(made[6])
    services.record_failure(made[6])
    services.pass_to(made[7], school.function, by=kim)
    for user in (kim, boss, user_of(school.kim)):
        numbers = queries.queue_counts(user)
        for name, number in numbers.items():
            assert queries.queue(user, name).count() == number, name
        assert set(numbers) > set(QueueName) - {QueueName.ALL, QueueName.CLOSED}
        assert queries.queue(user, "all").count() == queries.visible_to(user).exclude(state="spam").count()
    assert queries.queue_counts(kim)[f"function:{scene.function.slug}"] == 3
    assert counts.differences() == {}


def test_queues_of_others_are_empty_and_unknown_ones_do_not_exist(scene: Scene) -> None:
    scene.mail("ord")
    outsider = user_of(make_person("Bo Berg", make_function("Skolan")))
    for name in (*QueueName, f"function:{scene.function.slug}"):
        assert not queries.queue(outsider, name).exists()
        assert not queries.queue(make_user(), name).exists()
    with pytest.raises(LookupError):
        queries.queue(outsider, "nothing")


def test_the_inbox_costs_the_same_queries_however_much_is_in_it(scene: Scene) -> None:
    def cost() -> dict[str, int]:
        kim = user_of(scene.kim)
        kim.may("x")  # type: ignore[arg-type]  # its roles are read once for each request
        found: dict[str, int] = {}
        for name in QueueName:
            with CaptureQueriesContext(connection) as captured:
                queries.page(queries.queue(kim, name))
            found[name] = len(captured)
        with CaptureQueriesContext(connection) as captured:
            queries.queue_counts(kim)
        found["counts"] = len(captured)
        with CaptureQueriesContext(connection) as captured:
            queries.version_for(kim)
        found["version"] = len(captured)
        return found

    scene.mail("ett")
    few = cost()
    for number in range(15):
        services.assign(scene.mail(f"ord {number}").conversation, scene.kim, by=user_of(scene.kim))
    assert cost() == few
    assert few["counts"] <= 6
    assert few["version"] == 1
    assert max(number for name, number in few.items() if name not in {"counts", "functions"}) == 1


def test_pages_of_a_list_follow_by_key_without_gaps_or_repeats(scene: Scene, boss: User) -> None:
    for number in range(7):
        scene.mail(f"ord {number}", subject=f"Ämne {number}")
    at = clock.now()
    Conversation.objects.update(last_at=at)  # all at the same moment: the key still tells them apart
    seen: list[str] = []
    before = None
    while True:
        page = queries.page(queries.queue(boss, "functions"), before=before, size=3)
        seen += [row.subject for row in page.rows]
        if before is None:
            scene.mail("kommer emellan", subject="Ny")
        before = page.next
        if before is None:
            break
    assert seen == [f"Ämne {n}" for n in (6, 5, 4, 3, 2, 1, 0)]


def test_a_thread_costs_the_same_queries_however_long_it_is(scene: Scene) -> None:
    first = scene.mail(message_id="first@example.se")

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            for message in queries.thread(first.conversation):
                list(message.attachments.all())
                list(message.deliveries.all())
                [mention.person.name for mention in message.mentions.all()]
                str(message.person), str(message.function), str(message.contact)
        return len(captured)

    one = cost()
    for number in range(4):
        scene.mail(f"svar {number}", headers=("In-Reply-To: <first@example.se>",))
        scene.answer(first.conversation)
        services.add_note(first.conversation, "@Kim Ek se", by=user_of(scene.kim))
    assert cost() <= max(one, 5)


def test_answers_to_similar_questions_are_offered(scene: Scene) -> None:
    old = scene.mail("När plogas?", subject="Snöröjningen på Storgatan").conversation
    answer = scene.answer(old, "På måndag")
    scene.answer(old, "Kan ni ploga där?", kind="forward")
    new = scene.mail("Och hos oss?", subject="Snöröjning på Lillgatan", sender="bo@example.se").conversation
    assert queries.similar_answers(new) == [answer]
    assert queries.similar_answers(old) == []


def test_the_version_changes_with_every_change_and_with_nothing_else(scene: Scene, boss: User) -> None:
    versions = [queries.version_for(boss)]

    def changed() -> bool:
        versions.append(queries.version_for(boss))
        return versions[-1] > versions[-2]

    conversation = scene.mail("ett").conversation
    assert changed()
    services.mark_opened(conversation, by=boss)
    assert changed()
    services.assign(conversation, scene.kim, by=boss)
    assert changed()
    queries.queue_counts(boss)
    queries.get_visible(boss, conversation.number)
    assert not changed()


def test_english_words_are_found_by_their_other_forms_and_swedish_ones_as_before(scene: Scene) -> None:
    there = scene.mail("Where are the meetings of our cities?", subject="Parks").conversation.subject
    here = scene.mail(
        "När är mötet om parkeringen vid citysnöröjningen?", sender="bo@example.org", subject="Mötet"
    ).conversation.subject
    kim = user_of(scene.kim)
    for asked in ("meeting", "city", "park", "parking", "meetings city"):
        assert there in found(kim, asked), asked
    for asked in ("möten", "parkering", "citysnöröjning"):
        assert found(kim, asked) == [here], asked
    assert here not in found(kim, "parker")
    assert found(kim, "\ue000meet") == [there]
