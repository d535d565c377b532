"""Measures speed on this machine and writes the tables: `make bench`. What is measured lies in bench/."""

from __future__ import annotations

import sys

from bench.intake import main

if __name__ == "__main__":
    sys.exit(main())
