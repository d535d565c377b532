"""The pages of guests in each of their states, for the judges of the square: axe-core and the Nu checker."""

from __future__ import annotations

import datetime as dt

from gensvar.core import clock
from gensvar.core.models import User
from gensvar.desk.tests.scene import photograph
from gensvar.people.models import Function, Person
from gensvar.publishing.guests import agreeing, pictures, services
from gensvar.publishing.guests.writing import Written
from gensvar.publishing.posts import services as posts
from gensvar.publishing.tests.guests_scene import address_of, agreed, draft_of, handed_in, invite
from gensvar.publishing.tests.posts_scene import Paper


def of(editor: User, person: Person, function: Function) -> list[str]:
    """Their paths: one who writes, one who handed in, one who was let go, one who is published, and the post."""
    paper = Paper(editor, person, function)
    writes = invite(paper, email="skriver@example.org")
    given = pictures.cleaned(pictures.Given(photograph(), "Räcket vid bron", "Anna <Lind>"))
    services.write(writes, Written("Långt" * 12, "", "Ett & två\n\n- " + "y" * 90), seen=0, picture=given)
    services.write(writes, Written("Kort", "", "Ett."), seen=1, person=person, by=editor)
    services.remark(writes, "Hur gick det sedan?", person=person, by=editor)
    waits = handed_in(paper, email="vantar@example.org")
    agreeing.ask(waits, by=editor)
    gone = handed_in(paper, email="borta@example.org")
    services.take_back(gone, by=editor)
    shown = agreed(paper, email="visas@example.org")
    post = draft_of(shown)
    posts.publish(post, by=editor)
    late = invite(paper, email="sen@example.org", last_day=clock.today())
    late.last_day -= dt.timedelta(days=1)
    late.save()
    pages = [address_of(one) for one in (writes, waits, gone, shown, late)]
    return [*pages, f"/nytt/{clock.today().year}/{post.slug}"]
