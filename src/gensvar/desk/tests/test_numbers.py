"""Numbers of conversations stay whole on a phone, in whatever sentence they stand."""

from __future__ import annotations

from gensvar.desk.numbers import together


def test_every_number_in_a_sentence_is_kept_together_and_nothing_else_of_it_is_html() -> None:
    assert together("Slå ihop 2026-000123 & 2026-000124 <b>, inte 2026-12-01 eller 12026-0001234") == (
        'Slå ihop <span class="desk-whole">2026-000123</span> &amp; <span class="desk-whole">2026-000124</span>'
        " &lt;b&gt;, inte 2026-12-01 eller 12026-0001234"
    )
