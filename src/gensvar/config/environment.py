"""Typed readers for settings from the environment; a secret may come from a file named by NAME_FILE. Wrong values fail loudly.

What `gensvar init` was told lies in GENSVAR_HOME/settings.env, for whatever the environment does not say.
"""

from __future__ import annotations

import functools
import os
import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from gensvar.config.language import gettext as _

PICTURES = (".svg", ".png", ".webp")
HIGHEST_PORT: Final = 65535
few_rooms = False
"""Whether this process goes without Wagtail and the rooms above answers; said before the settings are read (set_up)."""


class BadSetting(Exception):
    """A setting has a value that cannot be understood."""


def kept_file() -> Path:
    """Where `gensvar init` keeps its settings: lines of NAME=value."""
    return Path(os.environ.get("GENSVAR_HOME") or "var").resolve() / "settings.env"


def home() -> Path:
    """GENSVAR_HOME, made for us alone where it is not there yet. Raises BadSetting."""
    path = Path(text("GENSVAR_HOME") or "var").resolve()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise not_ours(path, error) from error
    return path


def not_ours(path: Path, error: OSError) -> BadSetting:
    """What to say when a place in GENSVAR_HOME can be neither made nor used."""
    return BadSetting(
        _(
            "{path} cannot be used: {error}. Let GENSVAR_HOME name a folder that this user may write to. Nothing was changed."
        ).format(path=path, error=error.strerror)
    )


@functools.cache
def kept() -> dict[str, str]:
    """The settings of that file. Raises BadSetting."""
    path = kept_file()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(
            _("{path} cannot be read: {error}.").format(
                path=path, error=getattr(error, "strerror", None) or "UTF-8"
            )
        ) from error
    pairs = [line.split("=", 1) for line in lines if line.strip() and not line.startswith("#")]
    if broken := [pair[0] for pair in pairs if len(pair) != 2]:
        raise BadSetting(
            _("{path} has a line that is not NAME=value: “{line}”.").format(path=path, line=broken[0])
        )
    return {name.strip(): value.strip() for name, value in pairs}


def text(name: str, default: str = "") -> str:
    """The value of NAME, or what the file in NAME_FILE holds (without the line ends after it), or what init kept, or the default."""
    if name in os.environ:
        return os.environ[name]
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise BadSetting(
                _("{name}_FILE points to {path}, which cannot be read: {error}.").format(
                    name=name, path=path, error=getattr(error, "strerror", None) or "UTF-8"
                )
            ) from error
    return kept().get(name, default)


def number(name: str, default: int, *, least: int = 0) -> int:
    """A whole number, not under `least`. Raises BadSetting."""
    value = text(name)
    if not value:
        return default
    try:
        found = int(value)
    except ValueError:
        raise BadSetting(
            _("{name} should be a whole number, not “{value}”.").format(name=name, value=value)
        ) from None
    if found < least:
        said = _("{name} should be at least {least}, not {value}.")
        raise BadSetting(said.format(name=name, least=least, value=found))
    return found


def port(name: str, default: int) -> int:
    """The number of a port. Raises BadSetting."""
    found = number(name, default, least=1)
    if found > HIGHEST_PORT:
        raise BadSetting(
            _("{name} should be a port, from 1 to {most}, not {value}.").format(
                name=name, most=HIGHEST_PORT, value=found
            )
        )
    return found


def no_database() -> BadSetting:
    """What to say of a DATABASE_URL that names none; it does not repeat it, since a password may stand in it."""
    return BadSetting(
        _(
            "DATABASE_URL should be postgres://user:password@host:5432/name or sqlite:////path/to/file; "
            "special letters of a password are written as %40 and the like."
        )
    )


def no_key(path: Path) -> BadSetting:
    """What to say of a kept secret key that is empty, as a disk that was full leaves it."""
    return BadSetting(
        _(
            "{path} is empty. Put back the secret key of a backup: without it the links in all mail sent before stay closed. "
            "Where there is none, take the file away, and a new one is made. Nothing was changed."
        ).format(path=path)
    )


def web_address(name: str, default: str) -> str:
    """An address that begins with http:// or https:// and names a host, without a slash at its end. Raises BadSetting."""
    value = (text(name) or default).rstrip("/")
    if not names_a_host(value, "http", "https"):
        raise BadSetting(
            _("{name} should begin with https:// or http:// and name a host, not “{value}”.").format(
                name=name, value=value
            )
        )
    return value


def mail_server(name: str, default: str) -> str:
    """`kept`, or where mail is handed over. Raises BadSetting, which does not repeat the value: a password may stand in it."""
    value = text(name) or default
    if value != "kept" and not names_a_host(value, "smtp", "smtps"):
        raise BadSetting(_("{name} should be smtp://host:port, smtps://host:port or kept.").format(name=name))
    return value


def names_a_host(address: str, *schemes: str) -> bool:
    """Whether it is an address of one of these schemes with a host, and a port that can be."""
    try:
        parts = urlsplit(address)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, a bracket that is not closed
        return False


def flag(name: str, default: bool) -> bool:
    """1, true, yes or on; 0, false, no or off. Raises BadSetting for anything else."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise BadSetting(_("{name} should be on or off, not “{value}”.").format(name=name, value=value))


def choice(name: str, default: str, *allowed: str) -> str:
    """One of the allowed words, or the default. Raises BadSetting for anything else."""
    value = text(name, default).strip().lower() or default
    if value in {default, *allowed}:
        return value
    raise BadSetting(
        _("{name} should be one of {allowed}, not “{value}”.").format(
            name=name, allowed=", ".join(dict.fromkeys((default, *allowed))), value=value
        )
    )


def colour(name: str, default: str) -> str:
    """A colour as #rrggbb. Raises BadSetting for anything else."""
    value = text(name, default).strip() or default
    if not re.fullmatch("#[0-9a-fA-F]{6}", value):
        raise BadSetting(
            _("{name} should be a colour such as #1f5d4c, not “{value}”.").format(name=name, value=value)
        )
    return value


def picture(name: str) -> str:
    """The path of a picture that is there and that browsers show, or nothing. Raises BadSetting."""
    value = text(name).strip()
    if not value:
        return ""
    if not Path(value).is_file() or Path(value).suffix.lower() not in PICTURES:
        raise BadSetting(
            _("{name} should be the file of a picture ({kinds}), and “{value}” is none.").format(
                name=name, kinds=", ".join(PICTURES), value=value
            )
        )
    return value


def words(name: str, default: str = "") -> list[str]:
    """A list, written with commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def choices(name: str, known: list[str], *, always: str) -> list[str]:
    """The known words that NAME lists, in the order in which they are known; all of them where it is not set.

    `always` is among them whatever is said. Raises BadSetting for a word that is not known.
    """
    given = words(name, ",".join(known))
    if unknown := [word for word in given if word not in known]:
        raise BadSetting(
            _("{name} names “{value}”; known are: {known}.").format(
                name=name, value=", ".join(unknown), known=", ".join(known)
            )
        )
    return [word for word in known if word in given or word == always]
