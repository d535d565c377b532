"""Who of those behind a word is named in public: those who agreed. Neighbours: gate, and the gate of comments."""

from __future__ import annotations

from gensvar.conversations.models import Message, Participant
from gensvar.people.names import both


def named_in(message: Message) -> tuple[str, str]:
    """The names of those behind a word of ours who agreed to be named, and the title where it is one."""
    named = [one for one in (message.person, message.co_signer) if one is not None and one.shown]
    if len(named) > 1:
        return both(named[0], named[1]), ""
    return (named[0].name, named[0].title) if named else ("", "")


def agreed_beside(message: Message, writer: Participant | None) -> bool:
    """Whether the writer agreed to be named beside that word.

    Whoever only typed an address agreed for what came by its typed key. For other words of that address it takes the yes to
    the very word, which is given beside the choice of the name, at the link that was mailed.
    """
    if writer is None or writer.typed_key is None:
        return writer is not None
    return writer.pk in (message.shown_typed or ()) or message.may_publish is True
