"""Who of those behind a word of ours is named in public: those who agreed. Neighbours: gate, and the gate of comments."""

from __future__ import annotations

from gensvar.conversations.models import Message
from gensvar.people.names import both


def named_in(message: Message) -> tuple[str, str]:
    """The names of those behind a word of ours who agreed to be named, and the title where it is one."""
    named = [one for one in (message.person, message.co_signer) if one is not None and one.shown]
    if len(named) > 1:
        return both(named[0], named[1]), ""
    return (named[0].name, named[0].title) if named else ("", "")
