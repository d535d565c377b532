"""For each public address that something can be sent to: the page whose form leads there, with a town round it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.test import Client

from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.core import tokens
from gensvar.learning.tests import leading
from gensvar.people.tests.factories import make_function
from gensvar.publishing import streams
from gensvar.publishing.comments import moderation
from gensvar.publishing.newsletters import letters, services
from gensvar.publishing.newsletters.models import Subscriber
from gensvar.publishing.tests import guests_scene
from gensvar.publishing.tests.posts_scene import Paper
from gensvar.square.tests import comments_scene as stage
from gensvar.square.tests import more_pages, scene
from gensvar.square.tests.test_commenting_posts import published

MAYA: Final = "maja@post.example"


def _write() -> str:
    scene.town()
    return "/skriv"


def _write_about() -> str:
    return f"/skriv?om={stage.make().exchange.number}"


def _tell() -> str:
    scene.town()
    return "/tillganglighet/beratta"


def _conversation() -> str:
    town = scene.town()
    anna = scene.written(Client())
    scene.answer(town, anna)
    return f"/samtal/{anna.token}"


def _typed_address() -> str:
    scene.town()
    return more_pages.more_than_the_key_shows(Client())


def _comment_exchange() -> str:
    commented = stage.make()
    one = stage.shown(commented)
    return f"{commented.form}?svar={one.pk}"


def _comment_post() -> str:
    stage.make()
    return f"{published(Paper.make()).url}/kommentera"


def _confirm_comment() -> str:
    return stage.link_in(stage.mails(stage.comment(stage.make()))[0], "bekrafta")


def _appeal() -> str:
    commented = stage.make()
    one = stage.shown(commented)
    moderation.remove(one, stage.ground(), "Skriv gärna vänligare.", by=commented.town.staff)
    return stage.link_in(stage.mails(one)[-1], "overklaga")


def _lead() -> str:
    house = leading.House()
    return leading.path(house.opened(), house.led[0])


def _guest() -> str:
    paper = Paper.make()
    return guests_scene.address_of(guests_scene.invite(paper))


def _guest_who_decides() -> str:
    return guests_scene.address_of(guests_scene.handed_in(Paper.make()))


def _letters() -> str:
    make_contact_point(make_function("Information", coordinates=True), address="kommun@norrvik.example")
    return "/folj/brev"


def _subscriber() -> Subscriber:
    _letters()
    services.ask(MAYA, [streams.everything()], pace="daily", language="sv")
    return Subscriber.objects.get(address=MAYA)


def _confirm_letters() -> str:
    return f"/folj/brev/bekrafta/{tokens.make(letters.CONFIRM, _subscriber().key)}"


def _own_letters() -> str:
    subscriber = _subscriber()
    services.confirm(subscriber)
    return letters.own_page(subscriber)


def _end_letters() -> str:
    subscriber = _subscriber()
    services.confirm(subscriber)
    return letters.ending(subscriber)


PAGES: Final[dict[str, tuple[Callable[[], str], ...]]] = {  # by the name of the address that is sent to
    "write": (_write, _write_about),
    "tell": (_tell,),
    "conversation": (_conversation,),
    "choose": (_conversation,),
    "mail_link": (_typed_address,),
    "comment_exchange": (_comment_exchange,),
    "comment_post": (_comment_post,),
    "confirm_comment": (_confirm_comment,),
    "appeal": (_appeal,),
    "verdict": (lambda: stage.make().page,),
    "guest": (_guest, _guest_who_decides),
    "lead": (_lead,),
    "letters": (_letters,),
    "confirm_letters": (_confirm_letters,),
    "own_letters": (_own_letters,),
    "end_letters": (_end_letters,),
}
