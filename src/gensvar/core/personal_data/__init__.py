"""Finding and masking of personal data in free text; the gate in `publishing` proposes its texts with it.

Pure Python without Django: `find`, `mask`, `proposal`. What it finds and misses is measured in docs/reference/masking.md.
"""

from .findings import Certainty, Finding, Kind
from .masking import Proposal, mask, proposal
from .search import find

__all__ = ["Certainty", "Finding", "Kind", "Proposal", "find", "mask", "proposal"]
