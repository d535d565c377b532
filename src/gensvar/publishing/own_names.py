"""What is proposed of a word for the public: personal data are masked, but not the name of whoever of ours signs it.

They stand above their answer by name, if they agreed to be named. Neighbours: services and comments.moderation propose.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from gensvar.conversations.models import Message
from gensvar.core import personal_data
from gensvar.core.personal_data import Finding, Kind

_NO_LETTER: Final = re.compile(r"[\W\d_]+")
FOOT: Final = 6  # of the last lines with words: where one signs with a first name alone


def proposed(message: Message, known_names: Sequence[str], language: str) -> str:
    """The text with placeholders for what was found; `known_names` are those of residents and of staff who are not named."""
    found = personal_data.find(message.text, known_names=known_names)
    own = _signers(message)
    left = [one for one in found if not _is_own(one, message.text, own)] if own else found
    return personal_data.mask(message.text, left, language=language)


def _signers(message: Message) -> list[list[str]]:
    """The names, word by word, of those of us who stand above it in public."""
    if message.direction != Message.Direction.OUT:
        return []
    people = (message.person, message.co_signer)
    return [_words(one.name) for one in people if one is not None and one.shown]


def _is_own(finding: Finding, text: str, own: Collection[list[str]]) -> bool:
    """Whether that is the whole name of one of them, or their first name alone on a line at the foot, as one signs.

    A resident of the same name is known (Kind.NAME), and stays masked.
    """
    if finding.kind != Kind.OTHER_NAME:
        return False
    said = _words(finding.text)
    if said in own:
        return True
    return said in [name[:1] for name in own] and _signs(finding, text)


def _signs(finding: Finding, text: str) -> bool:
    begins = text.rfind("\n", 0, finding.start) + 1
    line, _rest, after = text[begins:].partition("\n")
    below = [one for one in after.split("\n") if _words(one)]
    return bool(_words(text[:begins])) and _words(line) == _words(finding.text) and len(below) < FOOT


def _words(text: str) -> list[str]:
    return [word for word in _NO_LETTER.split(text.casefold()) if word]
