"""A town with something on every screen, the addresses of all that the menu does not name, and what has to hold on some of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from gensvar.contactpoints.outside_logins.models import OutsideLogin
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations.models import Attachment, Conversation
from gensvar.core import clock
from gensvar.core.models import Topic
from gensvar.core.outside.fetching import Seen
from gensvar.core.playbooks import file
from gensvar.core.playbooks import services as playbooks
from gensvar.core.playbooks.plan import plan_of
from gensvar.core.roles import Role
from gensvar.desk import saved
from gensvar.desk.tests.scene import (
    Town,
    envelope_that_failed,
    logged_in,
    question,
    question_with_photograph,
)
from gensvar.people.models import Person, Tenure
from gensvar.people.tests.factories import make_function, make_person
from gensvar.publishing import short_links
from gensvar.publishing.links import dead_ends, gathering, looking
from gensvar.publishing.links.models import LinkUse, OutsideLink
from gensvar.publishing.models import PublicText, ShortLink
from gensvar.publishing.posts.models import Source
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.routing.alarms.keeping import keep
from gensvar.routing.tests.scene import word_comes
from gensvar.voices.models import LastAnswer
from tests.browser import no_wider_than

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE: int = 360
ADDRESS = "https://social.example/@norrvik"
TITLES = ("Badhuset håller öppet i mellandagarna", "Kommunfullmäktigesammanträdets protokoll är klart")
LISTS = tuple(
    f"/desk/{one}/" for one in ("personer", "funktioner", "platser", "arbetsdagar", "utkorg", "kuvert")
)
FOLDS = ("Svara tillsammans med någon", "Lämna pennan till Sam Åberg")


@dataclass(frozen=True, slots=True)
class More:
    """What the menu does not name, by the role that looks at it; what is looked at wide too; and what is done or must hold there."""

    addresses: dict[Role, list[str]]
    wide: frozenset[str]
    on_a_phone: dict[str, Callable[[Page], None]]
    when_wide: dict[str, Callable[[Page], None]]


def full(town: Town) -> More:
    """Put something on every screen."""
    long_names(town)
    titles()
    asked = question(town.mailbox)
    at = f"/desk/inkorg/{asked.number}/"
    logged_in(town.kim).post(f"{at}skriv/", {"kind": "note", "text": "@Robin Öst vet du?", "act": "send"})
    LastAnswer.objects.create(contact_point=town.mailbox, person=town.sam, topics="", day=clock.today())
    envelope_that_failed(town.mailbox)
    shown = put_before_the_gate(town)
    for maker in (town.kim, town.robin):
        saved.keep(maker, f"Snö, {maker}", "q=sn%C3%B6", town.streets)
    assert keep(), "no alarm stands on the inbox"
    kim = f"/desk/personer/{town.kim.pk}/"
    editor = [
        "/desk/inkorg/?queue=functions",
        "/desk/inkorg/?queue=mine",
        "/desk/inkorg/?q=plogad",
        "/desk/inkorg/?view=queues",
        f"{at}?queue=functions",
        f"{at}?queue=functions&write=note",
        f"{at}?queue=functions&write=forward",
        f"{at}publicera/",
        f"/desk/inkorg/{shown.number}/publicera/",
        "/desk/vyer/",
        "/desk/skriv-forst/",
        "/desk/account/",
        "/konto/password/change/",
        "/konto/tva-steg/",
    ]
    managed = [kim, f"/desk/funktioner/{town.streets.pk}/", f"/desk/platser/{town.mailbox.pk}/"]
    administrator = [
        *managed,
        *links_of(town),
        *playbooks_of(town),
        f"/desk/inloggningar-utanfor/{login_of(town)}/",
        f"/desk/franvaro/vilka/{town.kim.pk}/",
    ]
    return More(
        {role: [] for role in Role} | {Role.EDITOR: editor, Role.ADMINISTRATOR: administrator},
        frozenset((*editor, *managed, *LISTS)),
        {
            "/desk/inlagg/": titles_have_a_line_of_their_own,
            "/desk/kallor/": titles_have_a_line_of_their_own,
            "/desk/skriv-forst/": no_field_is_cut_off,
            f"{at}?queue=functions": together_unfolds,
        },
        {kim: forms_do_not_touch},
    )


# --- What is there ------------------------------------------------------------------------------


def long_names(town: Town) -> None:
    """A title, and a place and a function of Robin's, as long as they come."""
    Person.objects.filter(pk=town.sam.pk).update(
        title="rektor med ansvar för skolskjutsar, matsalar och skolgårdar"
    )
    function = make_function("Informationsenheten för hela kommunen")
    make_contact_point(function, address="information@norrvik.example")
    Tenure.objects.create(
        person=town.robin, function=function, kind=Tenure.Kind.EMPLOYEE, starts=clock.today()
    )


def titles() -> None:
    """Posts and sources, one of each with a word that is longer than a line of a phone."""
    paper = Paper.make()
    for title in TITLES:
        draft(paper, title)
        Source.objects.create(title=title, medium="Norrviksbladet", date=clock.today())


def put_before_the_gate(town: Town) -> Conversation:
    """An exchange with a picture that the public reads, and a later word that it does not."""
    asked = question_with_photograph(town.mailbox)
    robin = logged_in(town.robin)
    at = f"/desk/inkorg/{asked.number}/"
    robin.post(f"{at}skriv/", {"kind": "answer", "text": "Vi byter den i dag.", "act": "send"})
    robin.post(f"{at}publicera/", {"action": "prepare"})
    words = list(PublicText.objects.filter(exchange__conversation=asked).order_by("message_id"))
    robin.post(
        f"{at}publicera/",
        {
            "action": "picture",
            "word": words[0].pk,
            "attachment": Attachment.objects.get(message__conversation=asked).pk,
            "alternative": "En trasig lampa",
        },
    )
    for word in words:
        robin.post(f"{at}publicera/", {"action": "approve", "word": word.pk, "text": word.text})
    robin.post(f"{at}publicera/", {"action": "publish"})
    token = asked.participants.get().token
    word_comes(town.mailbox, to=town.mailbox.address.replace("@", f"+{token}@"), text="Tack.")
    return Conversation.objects.get(public_exchange__state="published")


def links_of(town: Town) -> list[str]:
    """A place's link that answers no more, and a short link that leads nowhere; gives the screens that show them."""
    place = make_contact_point(town.office, channel="elsewhere", address=ADDRESS, archiving="E-arkivet")
    gathering.keep({(place.page, LinkUse.Kind.PLACE.value, str(place.pk))})
    link = OutsideLink.objects.get()
    for day in range(5):
        with clock.moved(dt.timedelta(days=day)):
            looking.settle(link.pk, looking.understood(Seen(ADDRESS, 404)))
    short_links.make(ShortLink.Kind.PLACE, "9999", by=None)
    dead_ends.keep(dead_ends.find())
    return [
        f"/desk/lankar/{link.pk}/",
        "/desk/lankar/?list=all",
        "/desk/lankar/?list=short",
    ]


def playbooks_of(town: Town) -> list[str]:
    """A file that came with something new, something else and something impossible, and one that was taken in."""
    Topic.objects.create(slug="sno", name="Snö")
    point = {
        "channel": "pigeon",
        "name": "Brev",
        "number": 1,
        "function": town.streets.slug,
        "languages": "sv",
    }
    rows = [{"slug": "sno", "name": "Vinter"}, {"slug": "bad", "name": "Bad", "name_en": "Baths"}]
    data = file.write("Söderby", {"topics": rows, "contact_points": [point]})
    by = town.user(Role.ADMINISTRATOR)
    done, waiting = playbooks.bring(data, by=by), playbooks.bring(data, by=by)
    playbooks.take(done, ["topics/bad"], plan_of(file.read(data), by).mark, by=by)
    return [f"/desk/spelbocker/{one.pk}/" for one in (done, waiting)]


def login_of(town: Town) -> int:
    """A log-in outside that somebody still knows who has left, so that it says the most that one can."""
    login = OutsideLogin.objects.create(name="Turistbyråns konto hos Kartfolket")
    left = make_person("Axel Gran", email="axel@norrvik.example")
    login.known_by.set([town.by_role[Role.COORDINATOR], left])
    return login.pk


# --- What has to hold ---------------------------------------------------------------------------


def titles_have_a_line_of_their_own(page: Page) -> None:
    """Wagtail's lists: whole words, a line for the title, nothing over anything else."""
    cells = page.locator("td.title")
    expect(cells).to_have_count(len(TITLES))
    widths = cells.evaluate_all("cells => cells.map(cell => cell.clientWidth)")
    assert min(widths) > 250
    head, first = page.locator(".listing thead").bounding_box(), cells.first.bounding_box()
    assert head is not None
    assert first is not None
    assert head["y"] + head["height"] <= first["y"]
    for heading in page.locator(".listing thead th").all():
        stands = heading.bounding_box()
        assert stands is not None
        assert stands["y"] + stands["height"] <= head["y"] + head["height"] + 1


def no_field_is_cut_off(page: Page) -> None:
    """By a name that is longer than the window."""
    for field in page.locator(".desk-form-page :is(select, input:not([type=hidden]), textarea)").all():
        box = field.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= PHONE


def together_unfolds(page: Page) -> None:
    """Who knows and who signs too: their folds open, as wide as the phone."""
    for fold in FOLDS:
        page.get_by_text(fold, exact=True).click()
    expect(page.get_by_role("button", name="Spara och fråga")).to_be_visible()
    expect(page.get_by_label("Ett tack")).to_be_visible()
    no_wider_than(page, PHONE)


def forms_do_not_touch(page: Page) -> None:
    """Two of them below each other."""
    above = page.get_by_role("button", name="Ändra inloggningen").bounding_box()
    below = page.get_by_role("button", name="Skicka en länk").bounding_box()
    assert above is not None
    assert below is not None
    assert below["y"] - above["y"] - above["height"] > 10  # pixels
