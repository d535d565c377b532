"""WebSub: a real little hub hears of what is published and withdrawn; one that is away, refuses or redirects harms nothing."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client

from gensvar.conversations import services as conversations
from gensvar.core import clock, runner
from gensvar.core.models import Event, Topic
from gensvar.core.roles import Role
from gensvar.people import services as people
from gensvar.publishing import index, services
from gensvar.publishing.tests.scene import member, stage

pytestmark = pytest.mark.django_db(transaction=True)


class Hub(ThreadingHTTPServer):
    """Takes what publishers say, and answers as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Door)
        self.heard: list[dict[str, list[str]]] = []
        self.visited: list[str] = []
        self.answer = 204
        self.location = ""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}/publish"


class Door(BaseHTTPRequestHandler):
    """One request."""

    server: Hub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.visited.append(self.path)
        assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
        self.server.heard.append(parse_qs(body, strict_parsing=True))
        self.send_response(self.server.answer)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.server.visited.append(self.path)
        self.send_error(404)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def hub(settings: Any) -> Iterator[Hub]:
    server = Hub()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.GENSVAR_WEBSUB_HUB = server.url
    yield server
    server.shutdown()
    server.server_close()
    thread.join(10)


def test_the_hub_hears_of_every_feed_that_changed(hub: Hub, settings: Any) -> None:
    staged = stage()
    staged.conversation.topics.add(Topic.objects.create(slug="sno", name="Snö"))
    exchange = staged.publish()
    runner.run_waiting()
    services.withdraw(exchange, "Fel", by=staged.editor)
    runner.run_waiting()
    assert len(hub.heard) == 2
    said = hub.heard[0]
    assert said["hub.mode"] == ["publish"]
    expected = {
        f"{settings.GENSVAR_URL}{language}/folj/{stream}.{form}"
        for language in ("", "/en", "/ar")
        for form in ("atom", "rss", "json")
        for stream in (
            "alla",
            "amne/sno",
            f"funktion/{staged.function.slug}",
            f"person/{staged.person.pk}-kim-ek",
        )
    }
    assert set(said["hub.url"]) == expected == set(hub.heard[1]["hub.url"])


def test_the_hub_hears_of_each_change_of_what_is_public_already(hub: Hub) -> None:
    """Whoever follows by it asks no more by themselves: they would keep a word that we took back, and miss an answer."""
    staged = stage()
    topic = Topic.objects.create(slug="sno", name="Snö")
    exchange = staged.publish()
    answer = exchange.texts.get(message=staged.answer)
    runner.run_waiting()
    hub.heard.clear()
    by = {"by": staged.editor}
    person = f"person/{staged.person.pk}-kim-ek"
    changes: list[tuple[Callable[[], None], str]] = [
        (lambda: services.save_title(exchange, "Plogning", **by), "alla"),
        (lambda: services.save_topics(exchange, ["sno"], **by), "amne/sno"),
        (lambda: services.save_topics(exchange, [], **by), "amne/sno"),
        (lambda: services.unapprove(answer, **by), person),
        (lambda: services.approve(answer, **by), person),
        (lambda: services.save_text(answer, "I morgon.", **by), person),
        (lambda: services.record_yes(staged.question, "per telefon", **by), "alla"),
    ]
    for change, stream in changes:
        change()
        runner.run_waiting()
        (said,) = hub.heard
        assert any(one.endswith(f"/folj/{stream}.atom") for one in said["hub.url"])
        hub.heard.clear()
    before = type(exchange).objects.values_list("changed_at", flat=True).get(pk=exchange.pk)
    services.save_text(answer, "I övermorgon.", **by)
    runner.run_waiting()
    assert not hub.heard, "nobody has approved it, so nobody sees anything new"
    assert type(exchange).objects.values_list("changed_at", flat=True).get(pk=exchange.pk) == before
    assert topic.exchanges.count() == 0


def test_the_hub_hears_when_a_resident_takes_their_yes_back(hub: Hub) -> None:
    staged = stage()
    exchange = staged.publish()
    runner.run_waiting()
    hub.heard.clear()
    before = type(exchange).objects.values_list("changed_at", flat=True).get(pk=exchange.pk)
    address = f"/samtal/{staged.participant.token}/val"
    assert Client().post(address, {"may_publish": [str(staged.question.pk)]}).status_code == 303
    runner.run_waiting()
    assert not hub.heard, "as it was"
    assert Client().post(address, {}).status_code == 303
    runner.run_waiting()
    assert len(hub.heard) == 1
    assert type(exchange).objects.values_list("changed_at", flat=True).get(pk=exchange.pk) != before


def test_the_hub_hears_of_what_is_closed_from_the_desk(hub: Hub) -> None:
    """A protected identity, spam and a merge take a question from the public without the gate's screen."""
    staged, other = stage(), stage()
    exchange = staged.publish()
    other.publish()
    chief = member("chief@norrvik.example", Role.COORDINATOR, Role.REGISTRAR, Role.ANSWERER)
    runner.run_waiting()
    hub.heard.clear()
    acts: list[Callable[[], None]] = [
        lambda: conversations.mark_spam(staged.conversation, by=chief),
        lambda: conversations.not_spam(staged.conversation, by=chief),
        lambda: conversations.protect(staged.conversation, by=chief),
        lambda: conversations.protect_no_more(staged.conversation, by=chief),
        lambda: conversations.merge(staged.conversation, other.conversation, by=chief),
    ]
    stood = index.has(exchange.pk)
    for act in acts:
        act()
        runner.run_waiting()
        (said,) = hub.heard
        assert any(one.endswith(f"/folj/funktion/{staged.function.slug}.atom") for one in said["hub.url"])
        assert stood == (not index.has(exchange.pk)), "search follows"
        stood = not stood
        hub.heard.clear()


def test_the_hub_hears_when_one_of_us_is_named_no_more(hub: Hub) -> None:
    staged = stage()
    exchange = staged.publish()
    runner.run_waiting()
    hub.heard.clear()
    before = type(exchange).objects.values_list("changed_at", flat=True).get(pk=exchange.pk)
    chief = member("chief@norrvik.example", Role.ADMINISTRATOR)
    staged.person.phone = "0123-456 78"
    people.save_person(staged.person, by=chief)
    runner.run_waiting()
    assert not hub.heard, "nobody sees it"
    staged.person.shown = False
    people.save_person(staged.person, by=chief)
    runner.run_waiting()
    (said,) = hub.heard
    assert any(one.endswith(f"/folj/funktion/{staged.function.slug}.atom") for one in said["hub.url"])
    assert type(exchange).objects.values_list("changed_at", flat=True).get(pk=exchange.pk) != before


def test_a_text_that_is_saved_and_approved_at_once_is_told_once(hub: Hub) -> None:
    staged = stage()
    answer = staged.publish().texts.get(message=staged.answer)
    runner.run_waiting()
    hub.heard.clear()
    services.save_and_approve(answer, "I morgon.", by=staged.editor)
    runner.run_waiting()
    assert len(hub.heard) == 1
    with pytest.raises(services.NotPublishable):
        services.save_and_approve(answer, "", by=staged.editor)
    answer.refresh_from_db()
    assert (answer.text, answer.approved) == ("", False), "what was written is kept"


def test_a_busy_hub_is_told_again(hub: Hub) -> None:
    hub.answer = 503
    stage().publish()
    runner.run_waiting()
    assert len(hub.heard) == 1
    hub.answer = 202
    with clock.moved(dt.timedelta(minutes=1)):
        runner.run_waiting()
    assert len(hub.heard) == 2
    assert not Event.objects.filter(fact="entry_changed").exclude(state=Event.State.DONE).exists()


def test_a_hub_that_is_gone_is_tried_again_and_given_up_in_the_end(settings: Any) -> None:
    server = Hub()
    settings.GENSVAR_WEBSUB_HUB = server.url
    server.server_close()
    stage().publish()
    for minutes in range(1, 40, 4):
        with clock.moved(dt.timedelta(minutes=minutes)):
            runner.run_waiting()
    assert Event.objects.get(fact="entry_changed").state == Event.State.FAILED


def test_a_redirect_is_not_followed(hub: Hub) -> None:
    hub.answer, hub.location = 307, hub.url.replace("/publish", "/inside")
    stage().publish()
    runner.run_waiting()
    assert hub.visited == ["/publish"]


def test_without_a_hub_nobody_is_told() -> None:
    stage().publish()
    runner.run_waiting()
    assert Event.objects.get(fact="entry_changed").state == Event.State.DONE
