"""A setting that cannot be understood stops the start with one sentence that names it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from os import environ
from pathlib import Path

import click
import pytest

from gensvar.config import environment, settings
from gensvar.config.commands import running
from gensvar.config.processes import supervisor

SECRETS = ("DATABASE_URL", "GENSVAR_SECRET_KEY", "GENSVAR_MAIL_OUT", "GENSVAR_ADMIN_PASSWORD")


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment in which the secrets are not set yet."""
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_a_wrong_colour_and_a_lost_coat_of_arms_stop_the_start_with_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GENSVAR_COLOUR", "red")
    with pytest.raises(environment.BadSetting, match="GENSVAR_COLOUR"):
        environment.colour("GENSVAR_COLOUR", "#1f5d4c")
    monkeypatch.setenv("GENSVAR_ARMS", str(tmp_path / "none.svg"))
    with pytest.raises(environment.BadSetting, match="GENSVAR_ARMS"):
        environment.picture("GENSVAR_ARMS")


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("PORT", "99999", lambda: environment.port("PORT", 8000)),
        ("GENSVAR_WEB_WORKERS", "0", lambda: environment.number("GENSVAR_WEB_WORKERS", 2, least=1)),
        ("GENSVAR_URL", "samtal.norrvik.example", lambda: environment.web_address("GENSVAR_URL", "")),
        ("GENSVAR_URL", "https://norrvik.example:x", lambda: environment.web_address("GENSVAR_URL", "")),
        ("GENSVAR_MAIL_OUT", "mx:hemlig@host:25", lambda: environment.mail_server("GENSVAR_MAIL_OUT", "")),
        ("DATABASE_URL", "mysql://norrvik:hemlig@host/town", settings._database),
        ("DATABASE_URL", "postgres://norrvik:hemlig#1@host/town", settings._database),
    ],
)
def test_what_cannot_be_meant_stops_the_start_and_no_secret_is_repeated(
    alone: pytest.MonkeyPatch, name: str, value: str, read: Callable[[], object]
) -> None:
    alone.setenv(name, value)
    with pytest.raises(environment.BadSetting, match=name) as refused:
        read()
    assert "hemlig" not in str(refused.value)


def test_an_empty_secret_key_is_not_used_and_not_made_anew(alone: pytest.MonkeyPatch, tmp_path: Path) -> None:
    alone.setattr(settings, "GENSVAR_HOME", tmp_path)
    (tmp_path / "secret-key").touch()
    with pytest.raises(environment.BadSetting, match="secret-key is empty"):
        settings._secret_key()
    assert (tmp_path / "secret-key").read_text() == ""


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_secret_in_a_file_is_its_content_without_the_last_line_end(
    alone: pytest.MonkeyPatch, tmp_path: Path, name: str, end: str
) -> None:
    (tmp_path / "secret").write_bytes(f" en lång, snöig = väg #1 {end}".encode())
    alone.setenv(f"{name}_FILE", str(tmp_path / "secret"))
    assert environment.text(name) == " en lång, snöig = väg #1 "
    alone.setenv(name, "said")
    assert environment.text(name) == "said", "the environment itself wins"


def test_what_a_file_says_stands_before_what_init_kept(alone: pytest.MonkeyPatch, tmp_path: Path) -> None:
    alone.setattr(environment, "kept", lambda: {"DATABASE_URL": "sqlite:///kept"})
    assert environment.text("DATABASE_URL") == "sqlite:///kept"
    (tmp_path / "url").write_text("sqlite:///said\n")
    alone.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    assert environment.text("DATABASE_URL") == "sqlite:///said"


def test_database_and_secret_key_are_read_from_their_files(alone: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgres://norrvik:hem%2Flig@db.example:5433/town\n")
    (tmp_path / "key").write_text("k" * 60 + "\n")
    alone.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    alone.setenv("GENSVAR_SECRET_KEY_FILE", str(tmp_path / "key"))
    found = settings._database()
    parts = {"HOST": "db.example", "PORT": 5433, "NAME": "town", "USER": "norrvik", "PASSWORD": "hem/lig"}
    assert parts.items() <= found.items()
    assert settings._secret_key() == "k" * 60


@pytest.mark.parametrize("what", ["nothing", "a folder", "no text"])
def test_a_file_that_cannot_be_read_stops_the_start_and_both_are_named(
    alone: pytest.MonkeyPatch, tmp_path: Path, what: str
) -> None:
    place = tmp_path / "secret"
    if what == "a folder":
        place.mkdir()
    elif what == "no text":
        place.write_bytes(b"\xff\xfe\x00s")
    alone.setenv("DATABASE_URL_FILE", str(place))
    said = f"^DATABASE_URL_FILE .*{re.escape(str(place))}.*(No such file|Is a directory|UTF-8)"
    with pytest.raises(environment.BadSetting, match=said):
        environment.text("DATABASE_URL")


@pytest.mark.processes
@pytest.mark.one_database
def test_a_command_says_in_one_sentence_that_such_a_file_is_missing(tmp_path: Path) -> None:
    given = {
        name: value for name, value in environ.items() if name not in {"DATABASE_URL", "GENSVAR_LANGUAGE"}
    }
    given |= {
        "GENSVAR_LANGUAGE": "en",
        "GENSVAR_HOME": str(tmp_path),
        "DATABASE_URL_FILE": str(tmp_path / "none"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "gensvar", "status"], env=given, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Error: DATABASE_URL_FILE points to {tmp_path / 'none'}, which cannot be read: No such file or directory.\n"
    )


@pytest.mark.parametrize(
    ("ports", "said"),
    [
        ({"PORT": 64901, "GENSVAR_LMTP_PORT": 64901}, "PORT and GENSVAR_LMTP_PORT both say 64901"),
        ({"GENSVAR_SMTP_PORT": 64902, "GENSVAR_LMTP_PORT": 64902}, "GENSVAR_LMTP_PORT=63902 gensvar run"),
    ],
)
def test_two_parts_at_one_port_are_refused_before_anything_is_made(
    monkeypatch: pytest.MonkeyPatch, ports: dict[str, int], said: str
) -> None:
    """The second would end and be started again for ever, and its mail be taken by nobody."""
    monkeypatch.setenv("GENSVAR_LANGUAGE", "en")
    monkeypatch.setattr(supervisor, "is_free", lambda _host, _port: True)
    for name, port in {
        "PORT": 64901,
        "GENSVAR_SMTP_PORT": 64903,
        "GENSVAR_LMTP_PORT": 64904,
        **ports,
    }.items():
        monkeypatch.setattr(settings, name, port)
    with pytest.raises(click.ClickException) as refused:
        running._refuse_taken_ports()
    assert said in refused.value.message
    monkeypatch.setattr(settings, "GENSVAR_LMTP_PORT", 64905)
    running._refuse_taken_ports()
