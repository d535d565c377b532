"""The pages that are easily forgotten, for the judges of the square: letters, positions, earlier versions, what is gone, faults."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.shortcuts import render
from django.test import Client, RequestFactory, override_settings
from django.utils.translation import override

from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations.models import Conversation
from gensvar.core import clock, tokens
from gensvar.core.models import Topic
from gensvar.intake.models import Envelope
from gensvar.learning import services as learning
from gensvar.learning import ties
from gensvar.learning.models import Step
from gensvar.learning.tests.experiments import experiment
from gensvar.learning.workshop import services as workshop
from gensvar.people.models import Function
from gensvar.publishing import streams
from gensvar.publishing.appearances import services as appearances
from gensvar.publishing.models import ShortLink
from gensvar.publishing.newsletters import letters
from gensvar.publishing.newsletters import services as newsletters
from gensvar.publishing.newsletters.models import Subscriber
from gensvar.publishing.posts import services as posts
from gensvar.publishing.posts.models import Source
from gensvar.publishing.tests.appearances_scene import appearance, facts
from gensvar.publishing.tests.positions_scene import change, stand, withdraw
from gensvar.publishing.tests.posts_scene import Paper, draft, photograph
from gensvar.square import errors
from gensvar.square.tests import scene

WORDS = "långtord" * 9  # longer than a narrow line


def of(town: scene.Town) -> list[str]:
    """Their paths, each as a Swedish page; no path here stands in the lists of the judges."""
    paper = Paper(town.staff, town.person, town.function)
    return [*letters_of(town), *positions_of(paper), *gone(paper), "/tillganglighet/version/1"]


def letters_of(town: scene.Town) -> list[str]:
    """Letters asked for, to be confirmed, followed, to be ended, and ended."""
    make_contact_point(town.function, address="brev@norrvik.example")
    followers = []
    for name in ("maja", "bo"):
        newsletters.ask(f"{name}@post.example", [streams.everything()], pace="daily", language="sv")
        followers.append(Subscriber.objects.latest("pk"))
    maja, bo = followers
    for one in followers:
        newsletters.confirm(one)
    newsletters.ask("cia@post.example", [streams.everything()], pace="weekly", language="sv")
    cia = Subscriber.objects.latest("pk")
    bo.refresh_from_db()
    newsletters.end(bo, Subscriber.Ending.WISH)
    confirming = f"/folj/brev/bekrafta/{tokens.make(letters.CONFIRM, cia.key)}"
    return [
        "/folj/brev/skickat",
        confirming,
        letters.own_page(maja),
        f"{letters.own_page(maja)}?ny=1",
        letters.ending(maja),
        letters.own_page(bo),
    ]


def positions_of(paper: Paper) -> list[str]:
    """Positions: the list, one topic of it, one that was changed, one that was withdrawn."""
    topic = Topic.objects.create(slug="plogning", name="Plogning & sand")
    held = stand(paper, topic, text=f"Inom ett dygn. {WORDS}", title=f"Hur snabbt? {WORDS}")
    change(paper, held, text="Inom tolv timmar.", title="Hur fort plogar vi nu?")
    gone = stand(paper, title="Om annat")
    withdraw(paper, gone)
    return [
        "/vi-star-for",
        f"/vi-star-for?amne={topic.slug}",
        f"/vi-star-for/{held.slug}",
        f"/vi-star-for/{gone.slug}",
        f"/amne/{topic.slug}",
        f"/skriv?om=star-{held.pk}",
    ]


def gone(paper: Paper) -> list[str]:
    """A post that was withdrawn, its short link, and the year and month that still have another."""
    posts.publish(draft(paper, title=f"Står kvar {WORDS}"), by=paper.editor)
    post = draft(paper, title="Togs bort")
    posts.publish(post, by=paper.editor)
    code = ShortLink.objects.get(kind=ShortLink.Kind.PAGE, key=str(post.pk)).code
    posts.withdraw(post, "Fel", by=paper.editor)
    today = clock.today()
    empty = today - dt.timedelta(days=400)
    return [
        f"/nytt/{today.year}/{post.slug}",
        f"/k/{code}",
        f"/nytt/{today.year}",
        f"/nytt/{today:%Y/%m}",
        f"/nytt/{empty:%Y/%m}",
    ]


def more_than_the_key_shows(client: Client) -> str:
    """What is shown to whoever typed an address of which more has come by its own link, and who has just asked for that."""
    part = scene.written(client, email="anna@example.org", answer_by="email", text="Vad kostar bygglov?")
    form = {"form": scene.form_id(), "token": part.token, "text": "Och hur länge tar det?", "website": ""}
    assert client.post(f"/samtal/{part.token}", form).status_code == 303
    return f"/samtal/{part.shown_token}?ny=lank"


def outcomes_of(town: scene.Town, *conversations: Conversation) -> list[str]:
    """The pages of "you said, we did": with one in each standing, and one that was withdrawn."""
    topic = Topic.objects.create(slug="snorojning", name="Snöröjning & " + "annatlångtordutanmellanslag" * 2)
    paths = [
        "/ni-sade-vi-gjorde",
        "/ni-sade-vi-gjorde?amne=snorojning",
        "/sok?q=lampor",
    ]
    for status in Step.Status:
        outcome = learning.propose(
            title=f"Lampor {status} " + WORDS,
            said="Det är mörkt. " + "x" * 90,
            function=town.function,
            language="sv",
            by=town.staff,
        )
        learning.save_topics(outcome, [topic.slug], by=town.staff)
        for one in conversations:
            ties.tie(outcome, one, by=town.staff)
        for words in ("Först.", "Sedan, se https://norrvik.example/" + "x" * 90):
            learning.save_step(
                outcome,
                status=status,
                words=words,
                day=clock.today(),
                person=town.person,
                function=town.function,
                by=town.staff,
            )
            learning.publish(outcome, tell=False, by=town.staff)
        paths.append(f"/ni-sade-vi-gjorde/{outcome.pk}-{outcome.slug}")
    learning.withdraw(outcome, "Fel", by=town.staff)
    return [*paths, f"/skriv?om=gjort-{outcome.pk - 1}"]


def workshop_of(town: scene.Town) -> list[str]:
    """The pages of the workshop: one experiment that hangs on one person, and one that failed."""
    paths = ["/verkstad"]
    for number in range(2):
        one = experiment(town.person, town.function, title=f"Försök {number} " + "långtord" * 9)
        workshop.publish(one, by=town.staff)
        workshop.tell(one, "Se https://norrvik.example/" + "x" * 90, by=town.staff)
        paths.append(f"/verkstad/{one.pk}-{one.slug}")
    workshop.decide(one, "failed", "Det gick inte.", by=town.staff)
    return paths


def appearances_of(town: scene.Town) -> list[str]:
    """The page of appearances: one with a link and a correction, and one that was withdrawn."""
    long = {"place": "Kuriren " + "långtord" * 9, "link": "https://kuriren.example/" + "x" * 90}
    one = appearance(town.person, town.function, "snorojning", by=town.staff)
    appearances.correct(one, facts(town.person, town.function, **long), "Fel " + "x" * 90, by=town.staff)
    appearances.withdraw(appearance(town.person, town.function, by=town.staff), "Fel", by=town.staff)
    return ["/framtradanden"]


def post_in_a_chain() -> list[str]:
    """The pages of a post of every kind of part, which answers a letter and is about the topic of the outcomes; and of topics."""
    letter = Source.objects.create(
        title="Vi snöar in",
        medium="Bladet",
        date=dt.date(2026, 1, 7),
        quote="Snö.",
        url="https://bladet.example/7",
    )
    paper = Paper.make()
    Function.objects.filter(pk=paper.function.pk).update(name="Vägar")
    body = [
        ("text", "<h2>Så går det till</h2><p>Sju bilar. " + "långtord" * 9 + "</p>"),
        ("picture", {"image": photograph(), "alternative": "En plog", "caption": "Plogen"}),
        ("quotation", {"text": "Snö.", "who": "Bo", "source": letter}),
        ("facts", {"heading": "Plogarna", "text": "<ul><li>Sju bilar.</li></ul>"}),
        ("contact", {"function": paper.function.slug, "text": "Fråga om snö."}),
        (
            "film",
            {"title": "Plogen i natt", "url": "https://film.example/1", "image": None, "length": "2 min"},
        ),
    ]
    post = draft(paper, answers=letter, body=body)
    post.topics.add(Topic.objects.get(slug="snorojning"))
    posts.publish(post, by=paper.editor)
    address = f"/nytt/{clock.today().year}/{post.slug}"
    return ["/nytt", address, f"/en{address}", "/amne", "/amne/snorojning", "/folj/brev"]


def faults() -> dict[str, bytes]:
    """What is said where nothing can be shown, in each language, by the name of a file; and what a server in front says."""
    found: dict[str, bytes] = {}
    request = RequestFactory()
    for code, _name in settings.LANGUAGES:
        begin = "/" if code == settings.LANGUAGE_CODE else f"/{code}/"
        refused = Client().post(f"{begin}skriv", scene.filled(text=""))
        assert refused.status_code == 422
        found[f"refused-{code}"] = refused.content
        found[f"500-{code}"] = errors.broken(request.get(begin)).content
        found[f"asleep-{code}"] = errors.asleep(request.get(begin)).content
        with override(code):
            found[f"400-{code}"] = errors.bad_request(request.get(begin)).content
            found[f"403-{code}"] = errors.not_allowed(request.get(begin)).content
            with scene.database_away():
                away = Client().post(f"{begin}skriv", scene.filled())
        assert away.status_code == 503
        found[f"503-{code}"] = away.content
    found["away"] = errors.away_page().encode()
    return found


def refusals(form: str) -> dict[str, bytes]:
    """What is said where words are kept but not read yet, where a press is not counted, and where no comment is taken."""
    found: dict[str, bytes] = {}
    request = RequestFactory()
    for code, begin in (("sv", "/"), ("ar", "/ar/")):
        with override(code):
            link = "https://norrvik.example/" + WORDS
            kept = {"envelope": Envelope(received_at=clock.now()), "link": link, "again": link}
            found[f"received-{code}"] = render(request.get(begin), "square/received.html", kept).content
            words = {"sentence": "Nej."}
            found[f"uncounted-{code}"] = render(request.get(begin), "square/not_counted.html", words).content
        found[f"comment-{code}"] = Client().post(begin + form, scene.filled(text="")).content
        with override_settings(GENSVAR_COMMENTS="off"):
            found[f"closed-{code}"] = Client().get(begin + form).content
    return found
