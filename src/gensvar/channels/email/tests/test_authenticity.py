"""What servers say of a sender in Authentication-Results is read as RFC 8601 writes it, and as it really comes."""

from __future__ import annotations

import pytest

from gensvar.channels.email.channel import EmailChannel

OURS = "mx.norrvik.example"


@pytest.mark.parametrize(
    ("fields", "doubting"),
    [
        ((), set()),
        (("mx.norrvik.example; dmarc=pass header.from=example.se",), set()),
        (("MX.Norrvik.Example 1; spf=pass; dmarc=fail (p=reject; dis=none) header.from=example.se",), {OURS}),
        (("mx.norrvik.example;\r\n\tdkim=none;\r\n\tspf=fail smtp.mailfrom=example.se",), {OURS}),
        (
            ("mx.norrvik.example; dmarc=none; spf=fail; dkim=pass header.d=example.se",),
            set(),
        ),  # was forwarded
        (("mx.norrvik.example; spf=softfail; dmarc=temperror",), set()),  # nobody knows
        (
            ("mx.norrvik.example; spf=fail", "mx.norrvik.example; dkim=pass"),
            set(),
        ),  # each filter wrote its own
        (("other.example; dmarc=fail", "mx.norrvik.example; dmarc=pass"), {"other.example"}),
        (('mx.norrvik.example; spf=pass smtp.mailfrom="x; dmarc=fail"@example.se',), set()),
        (('mx.norrvik.example (x; dmarc=fail); dmarc=pass reason="; dmarc=fail"',), set()),
        (
            ("mx.norrvik.example; dmarc=none; spf=fail smtp.helo=mx.example.se",),
            set(),
        ),  # a server's name, nobody's
        (("mx.norrvik.example; none", "; dmarc=fail", "((((", '"' * 50), set()),
    ],
)
def test_who_doubts_the_sender(fields: tuple[str, ...], doubting: set[str]) -> None:
    head = "".join(f"Authentication-Results: {field}\r\n" for field in fields)
    raw = f"{head}From: Anna <anna@example.se>\r\nSubject: x\r\n\r\nHej"
    assert EmailChannel().parse(raw.encode()).doubted_by == doubting


def test_a_filter_is_believed_only_above_its_own_hop() -> None:
    def doubting(*head: str) -> frozenset[str]:
        return EmailChannel().parse("".join(f"{line}\r\n" for line in (*head, "", "Hej")).encode()).doubted_by

    passed, failed = (
        f"Authentication-Results: {OURS}; {found}" for found in ("dmarc=pass", "dmarc=none; spf=fail")
    )
    of_inner, of_mx = "Received: from mx by inner", "Received: from somewhere by mx"
    assert doubting(failed, of_mx, passed) == {OURS}  # the second came with the mail
    assert doubting(passed, of_mx, failed) == frozenset()
    assert doubting(of_inner, failed, of_mx, passed) == {OURS}


@pytest.mark.parametrize("field", ["X-Spam-Flag: YES", "X-Spam: Yes"])
def test_what_the_filter_suspects_is_marked(field: str) -> None:
    assert EmailChannel().parse(f"{field}\r\n\r\nHej".encode()).marks == {"suspected-spam"}
