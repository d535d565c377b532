"""Following by mail, as tests do it: Maya asks, opens the mail and confirms; the worker's minute; something that is new."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from gensvar.answers.tests.sink import Sink
from gensvar.core import runner
from gensvar.core.recurring import TimeCame
from gensvar.publishing.newsletters import due
from gensvar.publishing.newsletters.models import Subscriber
from gensvar.publishing.tests.scene import Scene, stage
from gensvar.square import guards

MAYA = "maja@post.example"


def ask(client: Client, address: str = MAYA, **fields: Any) -> Any:
    data = {"form": guards.new_form_id(), "address": address, "stream": ["alla"], "pace": "each", **fields}
    return client.post("/folj/brev", data)


def work() -> None:
    """What a minute of the worker does."""
    due.write_letters(TimeCame("newsletters.write_letters", 60))
    runner.run_waiting()


def link_in(text: str, what: str) -> str:
    found = re.search(rf"/folj/brev/{what}\S*", text)
    assert found, text
    return found[0]


def follow(client: Client, sink: Sink, **fields: Any) -> Subscriber:
    """Maya asks, opens the mail, confirms."""
    ask(client, **fields)
    runner.run_waiting()
    mail = sink.to(MAYA)[-1]
    sink.taken.clear()
    client.post(link_in(mail.text, "bekrafta/"))
    return Subscriber.objects.get(address=MAYA)


def published(**changes: Any) -> Scene:
    staged = stage()
    for name, value in changes.items():
        getattr(staged.conversation, name).add(value)
    staged.publish()
    return staged
