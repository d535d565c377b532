"""What is proposed, and what is refused: personal data do not pass, not even approved ones."""

from __future__ import annotations

import io

import pytest
from django.db import transaction
from PIL import Image

from gensvar.answers import queueing
from gensvar.answers.models import Delivery
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Attachment, Message
from gensvar.conversations.states import ImpossibleMove
from gensvar.core import clock, files
from gensvar.core.roles import Role
from gensvar.people.models import Person
from gensvar.publishing import gate, pictures, services
from gensvar.publishing.models import PublicPicture, PublicText
from gensvar.publishing.tests.scene import Scene, member, stage

pytestmark = pytest.mark.django_db


def text_of(scene: Scene) -> PublicText:
    services.prepare(scene.conversation, by=scene.editor)
    return PublicText.objects.get(message=scene.question)


def test_the_proposal_holds_no_address_number_or_name_of_those_who_take_part() -> None:
    scene = stage(
        question="Hej, jag heter Anna Lindqvist, ring 070-123 45 67 eller anna@post.example. När plogas det?"
    )
    proposed = text_of(scene).text
    for private in ("Anna", "Lindqvist", "070", "anna@post.example"):
        assert private not in proposed
    assert "När plogas det?" in proposed


def test_who_signs_an_answer_by_name_is_not_masked_in_it_and_everybody_else_is() -> None:
    scene = stage(question="Hej, jag heter Kim Berg. När plogas det?")
    words = "Hej Kim,\n\nFråga Erik Holm.\n\nVänliga hälsningar\n{}\nGatuingenjör"
    Message.objects.filter(pk=scene.answer.pk).update(text=words.format("Kim Ek"))

    def proposed() -> str:
        PublicText.objects.all().delete()
        exchange = services.prepare(scene.conversation, by=scene.editor)
        return exchange.texts.get(message=scene.answer).text

    assert proposed() == "Hej,\n\nFråga [namn].\n\nVänliga hälsningar\nKim Ek\nGatuingenjör"
    Message.objects.filter(pk=scene.question.pk).update(text="Hej. När plogas det?", sender_name="")
    Message.objects.filter(pk=scene.answer.pk).update(text=words.format("Kim"))
    assert proposed().endswith("hälsningar\nKim\nGatuingenjör"), "a first name, where one signs"
    Person.objects.filter(pk=scene.person.pk).update(shown=False)
    assert "Kim" not in proposed()


def test_who_signs_with_another_and_is_not_named_is_not_named_in_the_text() -> None:
    scene = stage(answer="I kväll.\n\nKim Ek och Solveig Alm")
    with_them = Person.objects.create(name="Solveig Alm", shown=False)
    Message.objects.filter(pk=scene.answer.pk).update(co_signer=with_them)
    text = services.prepare(scene.conversation, by=scene.editor).texts.get(message=scene.answer)
    assert text.text.endswith("Kim Ek och [namn]")
    services.save_text(text, "I kväll. Kim Ek och Solveig Alm", by=scene.editor)
    with pytest.raises(services.NotPublishable, match="Solveig Alm"):
        services.approve(text, by=scene.editor)


def test_an_answer_that_never_left_us_counts_while_it_stands_in_public() -> None:
    scene = stage()
    sent = Delivery(
        kind=Delivery.Kind.ANSWER, message=scene.answer, channel="email", recipient="anna@x.example"
    )
    with transaction.atomic():
        queueing.put(sent)
    Delivery.objects.filter(pk=sent.pk).update(state=Delivery.State.FAILED)
    exchange = scene.publish()
    scene.conversation.refresh_from_db()
    assert scene.conversation.answered_at == exchange.published_at
    text = exchange.texts.get(message=scene.answer)
    services.unapprove(text, by=scene.editor)
    scene.conversation.refresh_from_db()
    assert scene.conversation.answered_at is None
    services.approve(text, by=scene.editor)
    scene.conversation.refresh_from_db()
    assert scene.conversation.answered_at == text.approved_at
    services.withdraw(exchange, "Fel fråga.", by=scene.editor)
    scene.conversation.refresh_from_db()
    assert scene.conversation.answered_at is None


def test_the_name_in_an_answer_is_masked_too() -> None:
    scene = stage(answer="Hej Anna! Det plogas i kväll.")
    services.prepare(scene.conversation, by=scene.editor)
    assert PublicText.objects.get(message=scene.answer).text == "Hej! Det plogas i kväll."


@pytest.mark.parametrize(
    "left", ["Ring 070-123 45 67.", "anna@post.example", "Hälsar Anna Lindqvist", "ANNA  lindqvist"]
)
def test_a_question_with_personal_data_cannot_be_approved(left: str) -> None:
    scene = stage()
    text = text_of(scene)
    services.save_text(text, f"När plogas det? {left}", by=scene.editor)
    with pytest.raises(services.NotPublishable):
        services.approve(text, by=scene.editor)
    assert gate.find(scene.conversation.number) is None


def test_a_headline_with_a_name_cannot_be_published() -> None:
    scene = stage()
    exchange = services.prepare(scene.conversation, by=scene.editor)
    for text in exchange.texts.all():
        services.approve(text, by=scene.editor)
    services.save_title(exchange, "Anna Lindqvist undrar om snö", by=scene.editor)
    with pytest.raises(services.NotPublishable):
        services.publish(exchange, by=scene.editor)


def test_a_question_without_an_answer_is_not_published() -> None:
    scene = stage()
    text = text_of(scene)
    services.approve(text, by=scene.editor)
    with pytest.raises(services.NotPublishable):
        services.publish(text.exchange, by=scene.editor)


def test_a_no_on_the_form_stands_until_a_yes_is_noted_with_how() -> None:
    scene = stage(may_publish=False)
    text = text_of(scene)
    with pytest.raises(services.NotPublishable):
        services.approve(text, by=scene.editor)
    with pytest.raises(services.NotPublishable):
        services.record_yes(scene.question, " ", by=scene.editor)
    services.record_yes(scene.question, "på telefon i dag", by=scene.editor)
    services.approve(PublicText.objects.get(pk=text.pk), by=scene.editor)


def test_a_protected_identity_is_never_published() -> None:
    scene = stage()
    scene.contact.protected = True
    scene.contact.save()
    with pytest.raises(services.NotPublishable):
        services.approve(text_of(scene), by=scene.editor)


def test_what_went_to_somebody_outside_is_no_answer_that_is_proposed_or_approved() -> None:
    scene = stage()
    forward = Message.objects.create(
        conversation=scene.conversation,
        direction=Message.Direction.OUT,
        author=Message.Author.STAFF,
        channel="email",
        at=clock.now(),
        person=Person.objects.create(name="Sam Åberg", shown=True),
        text="Hon verkar sjuk.",
        marks=["forward"],
    )
    exchange = scene.publish()
    assert not exchange.texts.filter(message=forward).exists()
    assert set(services.words_of(scene.conversation)) == {scene.question, scene.answer}
    before = PublicText.objects.create(exchange=exchange, message=forward, text="Hon.")  # as it once was
    with pytest.raises(services.NotPublishable, match="utanför"):
        services.approve(before, by=scene.editor)
    PublicText.objects.filter(pk=before.pk).update(approved=True)
    assert before not in services.texts_of(exchange)
    services.save_title(exchange, "Snö", by=scene.editor)
    shown = gate.find(exchange.number)
    assert shown is not None
    assert [word.text for word in shown.words] == ["När plogas vår gata?", "I kväll."]
    assert tuple(gate.authors()) == (scene.person,)


def photograph() -> bytes:
    """A JPEG with a place, a camera and a comment in its metadata, lying on its side."""
    exif = Image.Exif()
    exif[0x010F] = "HemligKamera"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (59.0, 19.0, 30.0)
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (200, 30, 30)).save(out, "JPEG", exif=exif, comment=b"privat anteckning")
    return out.getvalue()


def test_a_shown_picture_is_upright_and_has_no_metadata() -> None:
    scene = stage()
    data = photograph()
    assert b"HemligKamera" in data
    attachment = Attachment.objects.create(
        message=scene.question,
        filename="x.jpg",
        content_type="image/jpeg",
        size=len(data),
        sha256=files.keep(data),
    )
    services.add_picture(text_of(scene), attachment, "En röd vägg", by=scene.editor)
    exchange = scene.publish()
    found = gate.find(exchange.number)
    assert found is not None
    (picture,) = found.question.pictures
    assert (picture.width, picture.height, picture.alternative) == (40, 60, "En röd vägg")
    shown = gate.picture(picture.sha256)
    assert shown is not None
    for private in (b"HemligKamera", b"privat", b"Exif", b"GPS"):
        assert private not in shown[0]
    with Image.open(io.BytesIO(shown[0])) as opened:
        assert not opened.getexif()


def test_a_picture_is_gone_with_its_exchange_and_the_original_never_has_an_address() -> None:
    scene = stage()
    data = photograph()
    attachment = Attachment.objects.create(
        message=scene.question,
        filename="x.jpg",
        content_type="image/jpeg",
        size=len(data),
        sha256=files.keep(data),
    )
    services.add_picture(text_of(scene), attachment, "En röd vägg", by=scene.editor)
    sha256 = PublicPicture.objects.get().sha256
    assert gate.picture(sha256) is None
    exchange = scene.publish()
    assert gate.picture(sha256) is not None
    assert gate.picture(attachment.sha256) is None
    services.withdraw(exchange, "prov", by=scene.editor)
    assert gate.picture(sha256) is None


def test_a_picture_in_two_exchanges_is_seen_while_one_of_them_may_be() -> None:
    scenes, data = (stage(), stage()), photograph()
    for scene in scenes:
        attachment = Attachment.objects.create(
            message=scene.question,
            filename="x.jpg",
            content_type="image/jpeg",
            size=len(data),
            sha256=files.keep(data),
        )
        services.add_picture(text_of(scene), attachment, "En röd vägg", by=scene.editor)
        scene.publish()
    sha256 = PublicPicture.objects.values_list("sha256", flat=True).distinct().get()
    for scene in scenes:
        Message.objects.filter(pk=scene.question.pk).update(may_publish=False)
        assert (gate.picture(sha256) is not None) is (scene is scenes[0])


def test_a_picture_needs_words() -> None:
    scene = stage()
    attachment = Attachment.objects.create(
        message=scene.question, filename="x.jpg", content_type="image/jpeg", size=1, sha256=files.keep(b"x")
    )
    with pytest.raises(services.NotPublishable):
        services.add_picture(text_of(scene), attachment, "", by=scene.editor)


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"<svg onload=alert(1)>", b"\xff\xd8\xff" + b"\0" * 50, b"%PDF-1.7"]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(pictures.NotAPicture):
        pictures.clean(data)


def test_a_picture_of_too_many_pixels_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100)
    with pytest.raises(pictures.NotAPicture):
        pictures.clean(photograph())


def test_what_was_prepared_before_a_merge_is_approved_anew_where_it_stands_now() -> None:
    one, other = stage(question="Och gångvägen?"), stage()
    text = text_of(one)
    services.approve(text, by=one.editor)
    boss = member("chef@norrvik.example", Role.COORDINATOR)
    conversations.merge(one.conversation, other.conversation, by=boss)
    exchange = services.prepare(other.conversation, by=boss)
    texts = {text.message_id: text for text in exchange.texts.all()}
    assert texts.keys() == {one.question.pk, one.answer.pk, other.question.pk, other.answer.pk}
    assert texts[one.question.pk].text == text.text
    assert not texts[one.question.pk].approved


def test_what_the_public_reads_does_not_vanish_in_a_merge() -> None:
    shown, hidden = stage(), stage()
    shown.publish()
    boss = member("chef@norrvik.example", Role.COORDINATOR)
    with pytest.raises(ImpossibleMove):
        conversations.merge(shown.conversation, hidden.conversation, by=boss)
    assert gate.find(shown.conversation.number) is not None
    conversations.merge(hidden.conversation, shown.conversation, by=boss)
    assert gate.find(shown.conversation.number) is not None
