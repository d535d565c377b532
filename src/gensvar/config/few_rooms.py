"""The flow as far as a command of few rooms starts it: what a mail server's pipe and an import keep, a worker reads.

Neighbours: settings puts it in the place of flow.py, of which it is a part; commands.setting_up says which commands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gensvar.conversations import reading
from gensvar.core.events import Fact, Handler
from gensvar.intake.events import EnvelopeReceived

FLOW: Mapping[type[Fact], Sequence[Handler]] = {EnvelopeReceived: (reading.read_envelope,)}
