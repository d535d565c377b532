"""The readable words that stand where something was masked, by language; `reading` knows them again."""

from __future__ import annotations

import re

from .findings import Kind

_WORDS: dict[str, dict[Kind, str]] = {
    "sv": {
        Kind.EMAIL: "e-post",
        Kind.SECRET_LINK: "privat länk",
        Kind.PROFILE: "profil",
        Kind.IDENTITY_NUMBER: "personnummer",
        Kind.ACCOUNT: "kontonummer",
        Kind.PHONE: "telefon",
        Kind.ADDRESS: "adress",
        Kind.IP_ADDRESS: "ip-adress",
        Kind.VEHICLE: "registreringsnummer",
        Kind.NAME: "namn",
        Kind.OTHER_NAME: "namn",
    },
    "en": {
        Kind.EMAIL: "e-mail",
        Kind.SECRET_LINK: "private link",
        Kind.PROFILE: "profile",
        Kind.IDENTITY_NUMBER: "personal number",
        Kind.ACCOUNT: "account number",
        Kind.PHONE: "phone",
        Kind.ADDRESS: "address",
        Kind.IP_ADDRESS: "IP address",
        Kind.VEHICLE: "number plate",
        Kind.NAME: "name",
        Kind.OTHER_NAME: "name",
    },
    "fi": {
        Kind.EMAIL: "sähköposti",
        Kind.SECRET_LINK: "yksityinen linkki",
        Kind.PROFILE: "profiili",
        Kind.IDENTITY_NUMBER: "henkilötunnus",
        Kind.ACCOUNT: "tilinumero",
        Kind.PHONE: "puhelin",
        Kind.ADDRESS: "osoite",
        Kind.IP_ADDRESS: "ip-osoite",
        Kind.VEHICLE: "rekisterinumero",
        Kind.NAME: "nimi",
        Kind.OTHER_NAME: "nimi",
    },
}

_ALL = sorted({re.escape(word) for words in _WORDS.values() for word in words.values()})
PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(_ALL)})\]")


def placeholder(kind: Kind, language: str) -> str:
    """The word for a kind in square brackets: Swedish or Finnish for such a tag ("sv", "sv-SE", "fi"), else English."""
    words = _WORDS.get(language.replace("_", "-").split("-")[0].lower(), _WORDS["en"])
    return f"[{words[kind]}]"
