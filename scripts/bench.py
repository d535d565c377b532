"""Measures speed on this machine and writes the tables: `make bench`. What is measured lies in bench/."""

from __future__ import annotations

import sys

from bench import answered, crisis, inbox, intake, pages, paint, uncached, voices

if __name__ == "__main__":
    sys.exit(
        intake.main()
        or inbox.main()
        or pages.main()
        or uncached.main()
        or paint.main()
        or crisis.main()
        or voices.main()
        or answered.main()
    )
