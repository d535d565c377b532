"""Bytes that do not say what they are, or are not what they say, become the words that were written."""

from __future__ import annotations

import pytest

from gensvar.channels.email.charsets import Charsets
from gensvar.channels.email.headers import decode_words


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("¿Cuándo limpian el parque? Los niños están allí", "cp1252"),
        ("La rivière a débordé près de l'école et ça sent mauvais", "cp1252"),
        ("A iluminação não funciona lá embaixo", "cp1252"),
        ("È già la terza volta che la luce non va", "cp1252"),
        ("niño", "cp1252"),
        ("Śnieg leży na chodniku od tygodnia", "cp1250"),
        ("Kdy se konečně opraví ten chodník?", "cp1250"),
        ("Čekam već tri mjeseca", "cp1250"),
        ("Când se repară strada? Bună seara", "cp1250"),
        ("Фонарь у школы опять не горит", "koi8_r"),
        ("Фонарь у школы опять не горит", "cp1251"),
        ("ФОНАРЬ НЕ ГОРИТ", "cp1251"),
        ("Lyktan vid skolan är släckt", "cp1252"),
    ],
)
def test_undeclared_bytes_are_read_in_the_charset_of_their_language(text: str, charset: str) -> None:
    assert Charsets().decode(text.encode(charset)) == text


@pytest.mark.parametrize("declared", ["utf-8", ""])
def test_utf_8_that_was_cut_within_a_letter_keeps_all_letters_before_it(declared: str) -> None:
    cut = "Trasig lykta på torget 🔦".encode()[:-1]
    assert Charsets().decode(cut, declared) == "Trasig lykta på torget \ufffd"
    assert Charsets().decode(b"Vi ses d\xe5", declared) == "Vi ses då"


def test_an_encoded_word_without_a_charset_is_decoded() -> None:
    assert decode_words("Re: =??Q?Lyktan_=E4r_sl=E4ckt?=", Charsets()) == "Re: Lyktan är släckt"
