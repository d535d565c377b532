"""The pipe and the import: nothing is claimed that is not committed, nothing comes twice, nothing there is changed."""

from __future__ import annotations

import io
import mailbox
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection

from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.intake import boxes, importing, pipe
from gensvar.intake.boxes import NoMail
from gensvar.intake.importing import Imported, import_path
from gensvar.intake.models import Envelope
from gensvar.intake.services import receive
from gensvar.intake.tests.mails import make_mail
from gensvar.people.tests.factories import make_function

GATA = "gata@norrvik.example"


@pytest.fixture
def place(db: None) -> ContactPoint:
    return make_contact_point(make_function(), address=GATA)


def lf(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n")


# --- The pipe ---------------------------------------------------------------------------------


def test_the_pipe_says_0_when_the_mail_is_kept(place: ContactPoint) -> None:
    raw = lf(make_mail())
    assert pipe.deliver(io.BytesIO(raw), GATA.upper(), mail_from="a@b") == 0
    envelope = Envelope.objects.get()
    assert (envelope.read_raw(), envelope.source, envelope.mail_from) == (raw, "pipe", "a@b")
    assert pipe.deliver(io.BytesIO(raw), GATA, mail_from="MAILER-DAEMON") == 0, "the same mail by another way"
    assert Envelope.objects.count() == 1


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (b"Subject: x\n\ny", b"Return-Path: <>\nSubject: x\n\ny"),
        (b"return-path: <>\r\n\r\ny", b"return-path: <>\r\n\r\ny"),
        (b"\xef\xbb\xbfSubject: x\n\ny", b"\xef\xbb\xbfSubject: x\n\ny"),
    ],
)
def test_what_the_pipe_brings_from_nobody_says_so(place: ContactPoint, raw: bytes, kept: bytes) -> None:
    assert pipe.deliver(io.BytesIO(raw), GATA, mail_from="MAILER-DAEMON") == 0
    assert Envelope.objects.get().read_raw() == kept


def test_the_from_line_of_the_pipe_is_not_part_of_the_mail(place: ContactPoint) -> None:
    raw = lf(make_mail())
    assert pipe.deliver(io.BytesIO(b"From a@b Mon Nov 23 09:00:00 2026\n" + raw), GATA) == 0
    assert Envelope.objects.get().read_raw() == raw


@pytest.mark.parametrize(
    ("raw", "to"), [(b"", GATA), (b"From: a@b\n\nx", "nobody@norrvik.example"), (b"x", "gata")]
)
def test_the_pipe_says_75_for_what_it_cannot_keep(place: ContactPoint, raw: bytes, to: str) -> None:
    assert pipe.deliver(io.BytesIO(raw), to) == 75
    assert not Envelope.objects.exists()


def test_the_pipe_says_75_for_a_mail_over_the_limit(place: ContactPoint, settings: LazySettings) -> None:
    settings.GENSVAR_LARGEST_WORD = 100
    assert pipe.deliver(io.BytesIO(make_mail()), GATA) == 75


@pytest.mark.django_db(transaction=True)
def test_the_pipe_says_75_when_the_database_is_away() -> None:
    make_contact_point(make_function(), address=GATA)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE intake_envelope RENAME TO intake_envelope_away")
    assert pipe.deliver(io.BytesIO(make_mail()), GATA) == 75


# --- Imports ----------------------------------------------------------------------------------

TRICKY = "From now on we meet on Mondays\n>From is quoted already\n\nFrom the end"


def make_mbox(path: Path, mails: list[bytes]) -> None:
    """An mbox as mboxrd writes it."""
    with open(path, "wb") as box:
        for raw in mails:
            lines = lf(raw).split(b"\n")
            quoted = [b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in lines]
            box.write(b"From anna@example.se Mon Nov 23 09:00:00 2026\n" + b"\n".join(quoted) + b"\n")


def test_an_mbox_comes_home_whole_and_unquoted(place: ContactPoint, tmp_path: Path) -> None:
    mails = [make_mail(TRICKY), make_mail("två"), make_mail("tre\n\n")]
    make_mbox(tmp_path / "old.mbox", mails)
    counts = import_path(tmp_path / "old.mbox", place)
    assert (counts.new, counts.known, counts.failed) == (3, 0, [])
    found = [envelope.read_raw() for envelope in Envelope.objects.order_by("pk")]
    assert sorted(found) == sorted(lf(raw) for raw in mails)
    assert set(Envelope.objects.values_list("source", flat=True)) == {"import"}


@pytest.mark.parametrize(
    "changed",
    [
        lambda box: b"\n\n" + box,
        lambda box: b"\xef\xbb\xbf" + box,
        lambda box: box.replace(b"\n\nFrom ", b"\nFrom "),
        lambda box: box.replace(b"\n", b"\r"),
    ],
    ids=["lines before it", "a mark of UTF-8", "no empty line between", "lines of an old Macintosh"],
)
def test_no_two_mails_of_an_odd_mbox_become_one(tmp_path: Path, changed: Callable[[bytes], bytes]) -> None:
    """Each of them used to be one word of whoever wrote first, or none at all."""
    from_line = b"From anna@example.se Mon Nov 23 09:00:00 2026\n"
    mails = [lf(make_mail(text)) for text in ("ett\n\nFrån mig", "två")]
    box = tmp_path / "old.mbox"
    box.write_bytes(changed(b"".join(from_line + mail + b"\n" for mail in mails)))
    assert [lf(mail).replace(b"\r", b"\n").strip() for mail in boxes.mails_of(box)] == [
        mail.strip() for mail in mails
    ]


def test_a_maildir_comes_home_with_its_folders_and_without_what_is_half_written(
    place: ContactPoint, tmp_path: Path
) -> None:
    box = mailbox.Maildir(tmp_path / "Maildir", create=True)
    for text in ("ett", "två"):
        box.add(make_mail(text))
    box.add_folder("gammalt").add(make_mail("tre"))
    (tmp_path / "Maildir" / "tmp" / "half").write_bytes(make_mail("halv"))
    assert import_path(tmp_path / "Maildir", place).new == 3


def test_a_folder_of_files_comes_home_and_what_is_no_mail_stays(place: ContactPoint, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "one.eml").write_bytes(make_mail("ett"))
    (tmp_path / "sub" / "two.BOX").write_bytes(b"From a@b Mon Nov 23 09:00:00 2026\n" + make_mail("två"))
    make_mbox(tmp_path / "sub" / "many.mbox", [make_mail("tre"), make_mail("fyra")])
    (tmp_path / "readme.txt").write_text("no mail")
    (tmp_path / "empty.eml").write_bytes(b"")
    counts = import_path(tmp_path, place)
    assert counts.new == 4
    assert counts.done_bytes == counts.total_bytes > 0


def test_a_single_file_comes_home(place: ContactPoint, tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(make_mail())
    assert import_path(str(tmp_path / "one"), place).new == 1


OTHER_FILES = {
    "passwd": b"root:x:0:0:root:/root:/bin/bash\nbin:x:2:2:bin:/bin:/usr/sbin/nologin\n",
    "text": b"Hej, plogen kommer inte.\n\nTo: whom it may concern\n",
    "picture": bytes(range(256)) * 20,
}


@pytest.mark.parametrize("name", OTHER_FILES)
def test_a_file_that_is_no_mail_is_named_and_not_taken(
    place: ContactPoint, tmp_path: Path, name: str
) -> None:
    (tmp_path / f"{name}.eml").write_bytes(OTHER_FILES[name])
    alone = import_path(tmp_path / f"{name}.eml", place)
    assert (alone.new, alone.failed) == (0, [(str(tmp_path / f"{name}.eml"), alone.failed[0][1])])
    assert alone.failed[0][1] in {
        "not a mail: it has no header field of one",
        "inget brev: det saknar brevhuvud",
    }
    (tmp_path / "mail.eml").write_bytes(make_mail())
    among = import_path(tmp_path, place)
    assert (among.new, [Path(file).name for file, _ in among.failed]) == (1, [f"{name}.eml"])
    assert Envelope.objects.count() == 1


@pytest.mark.parametrize(
    "raw",
    [b"\r\nSubject: x\r\n\r\nord", b"\xef\xbb\xbffrom: a@b\n\nord", b"X-Mailer: y", b"oj\nTo : a@b\n\nord"],
)
def test_one_field_is_enough_for_a_mail(place: ContactPoint, tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "odd.eml").write_bytes(raw)
    assert import_path(tmp_path, place).new == 1


def test_every_mail_of_the_corpus_is_taken_for_one(corpus: Path) -> None:
    for file in sorted((corpus / "mail").glob("*.box")):
        assert list(boxes.mails_of(file)), file.name


@pytest.mark.parametrize("name", ["nothing", "."])
def test_where_there_is_no_mail_it_says_so(place: ContactPoint, tmp_path: Path, name: str) -> None:
    with pytest.raises(NoMail):
        import_path(tmp_path / name, place)


def test_an_import_stopped_half_way_and_repeated_leaves_each_mail_once(
    place: ContactPoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 10)
    make_mbox(tmp_path / "old.mbox", [make_mail(f"ord {number}") for number in range(35)])

    def stop(counts: Imported) -> None:
        if counts.read >= 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_path(tmp_path / "old.mbox", place, stop)
    assert Envelope.objects.count() == 20
    counts = import_path(tmp_path / "old.mbox", place)
    assert (counts.new, counts.known) == (15, 20)


def test_what_came_by_mail_before_is_not_imported_again(place: ContactPoint, tmp_path: Path) -> None:
    raw = make_mail(TRICKY)
    receive(raw, contact_point=place, source=Envelope.Source.SMTP)
    make_mbox(tmp_path / "old.mbox", [raw])
    assert import_path(tmp_path / "old.mbox", place).known == 1


def test_a_mail_over_the_limit_is_named_and_the_others_come(
    place: ContactPoint, tmp_path: Path, settings: LazySettings
) -> None:
    settings.GENSVAR_LARGEST_WORD = 5000
    (tmp_path / "large.eml").write_bytes(make_mail("x" * 6000))
    (tmp_path / "small.eml").write_bytes(make_mail())
    counts = import_path(tmp_path, place)
    assert counts.new == 1
    assert [Path(name).name for name, _ in counts.failed] == ["large.eml"]


@pytest.mark.django_db(transaction=True)
def test_two_importers_at_once_bring_each_mail_once(tmp_path: Path) -> None:
    place = make_contact_point(make_function(), address=GATA)
    make_mbox(tmp_path / "old.mbox", [make_mail(f"ord {number}") for number in range(300)])

    def bring(_: int) -> Imported:
        try:
            return import_path(tmp_path / "old.mbox", place)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(bring, range(2))
    assert first.new + second.new == 300
    assert first.known + second.known == 300
    assert Envelope.objects.count() == 300


@pytest.mark.django_db(transaction=True)
def test_an_import_whose_database_goes_away_says_so_and_keeps_what_it_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = make_contact_point(make_function(), address=GATA)
    monkeypatch.setattr(importing, "BATCH", 2)
    make_mbox(tmp_path / "old.mbox", [make_mail(f"ord {number}") for number in range(4)])

    def away(counts: Imported) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE intake_envelope RENAME TO intake_envelope_away")

    with pytest.raises(DatabaseError):
        import_path(tmp_path / "old.mbox", place, away)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM intake_envelope_away")
        assert cursor.fetchone()[0] == 2
