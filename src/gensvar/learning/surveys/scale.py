"""The five steps of a statement, how many answers are enough, and how a share of them is read. Neighbours: answering, gate."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ENOUGH: Final = 5  # answers; of fewer nothing is opened, and of one question nothing is counted
STEPS: Final[dict[int, str | Promise]] = {
    1: _("do not agree at all"),
    2: _("hardly agree"),
    3: _("neither agree nor disagree"),
    4: _("mostly agree"),
    5: _("agree fully"),
}
CANNOT_SAY: Final = 0
CANNOT_SAY_WORDS: Final = _("cannot say")
AGREES: Final = (4, 5)
