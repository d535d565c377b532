"""Which languages the catalogues are kept in, and which texts each of them must have. Neighbour: messages.

English stands in the source. Swedish has every text. Other languages have what residents meet: every text but those of
files that only staff see, so that a new file is asked for until somebody says here that it is the staff's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

STAFF: Final = (  # room/file, as fnmatch reads it; its * passes slashes
    "answers/absence_notices.py",
    "answers/cosigning.py",
    "answers/errors.py",
    "answers/forwarding.py",
    "answers/joined.py",
    "answers/models.py",
    "answers/notices.py",
    "answers/sentences.py",
    "config/*",
    "contactpoints/*",
    "conversations/*",
    "core/*",
    "desk/*",
    "intake/*",
    "people/[!n]*",  # names.py says how two who answer together are named
    "routing/*",
    "channels/email/[!c]*.py",  # channel.py says what the channel is called
    "channels/email/composing.py",
    "publishing/models.py",
    "publishing/services.py",
    "learning/checks.py",
    "learning/reach.py",
    "learning/services.py",
    "learning/surveys/checking.py",
    "learning/surveys/held.py",
    "learning/surveys/inviting.py",
    "learning/surveys/locking.py",
    "learning/surveys/models.py",
    "learning/surveys/services.py",
    "learning/surveys/wording.py",
    "learning/surveys/playbook.py",
    "learning/workshop/services.py",
    "learning/workshop/held.py",
    "publishing/accessibility/models.py",
    "publishing/appearances/services.py",
    "publishing/accessibility/services.py",
    "publishing/about/models.py",
    "publishing/comments/models.py",
    "publishing/comments/playbook.py",
    "publishing/comments/moderation.py",
    "publishing/comments/rules.py",
    "publishing/guests/held.py",
    "publishing/guests/models.py",
    "publishing/links/*",
    "publishing/positions/held.py",
    "publishing/positions/models.py",
    "publishing/positions/playbook.py",
    "publishing/positions/services.py",
    "publishing/plans/*",
    "publishing/posts/blocks.py",
    "publishing/posts/bylines.py",
    "publishing/posts/guest_bylines.py",
    "publishing/posts/held.py",
    "publishing/posts/held_notices.py",
    "publishing/posts/in_time.py",
    "publishing/posts/models.py",
    "publishing/posts/services.py",
    "publishing/wordpress/*",
)


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the catalogues: its code, its English name, and gettext's rule for its plurals.

    `exact` are the forms that stand for one number only (1 in Swedish; 0, 1 and 2 in Arabic).
    """

    code: str
    name: str
    plurals: str
    forms: int
    exact: frozenset[int]
    residents_only: bool = False

    def needs(self, room: str, files: Sequence[str]) -> bool:
        """Whether a text of that room, which stands in these files, must have words in this language."""
        return not self.residents_only or not all(
            any(fnmatchcase(f"{room}/{file}", pattern) for pattern in STAFF) for file in files
        )


LANGUAGES: Final = (
    Language("sv", "Swedish", "nplurals=2; plural=(n != 1);", 2, frozenset({0})),
    Language(
        "ar",
        "Arabic",
        "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5;",
        6,
        frozenset({0, 1, 2}),
        residents_only=True,
    ),
)
