"""Measures speed on this machine and writes the tables: `make bench`. What is measured lies in bench/."""

from __future__ import annotations

import subprocess
import sys

from bench import crisis, inbox, intake, pages, paint, uncached, voices

if __name__ == "__main__":
    sys.exit(
        intake.main()
        or inbox.main()
        or pages.main()
        or uncached.main()
        or paint.main()
        or crisis.main()
        or voices.main()
        # In a process of its own: the settings read here name the database of whoever measures.
        or subprocess.call([sys.executable, "-m", "bench.answered"])
    )
