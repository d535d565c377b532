"""What a reply repeats is folded away, in the languages of our residents, and never an answer with it."""

from __future__ import annotations

import pytest

from gensvar.channels.email import quoting

QUOTE = "> Hej Kim\n>\n> Plogbilen kommer i morgon.\n"

HEADERS = [
    "Den mån 3 feb. 2026 kl 10:11 skrev Gata & park <gata@example.net>:",
    "Den 2026-02-03 kl. 10:11, skrev Gata & park <gata@example.net>:",
    "Den tis 3 feb. 2026 10:11Gata & park <gata@example.net> skrev:",
    "3 feb. 2026 kl. 10:11 skrev Gata & park <gata@example.net>:",
    "Den 3 februari 2026 10:11:12 skrev Gata & park <gata@example.net>:",
    "Gata & park <gata@example.net> skrev den 2026-02-03 10:11:",
    "På tisdag, 3 feb 2026 skrev Gata & park:",
    "Den tis 3 feb. 2026 kl 10:11 skrev Gata & park i Storstadens kommun <\ngata@example.net>:",
    "On Tue, Feb 3, 2026 at 10:11 AM Gata & park <gata@example.net> wrote:",
    "On 3 Feb 2026, at 10:11, Gata & park <gata@example.net>\nwrote:",
    "Gata & park wrote on 2026-02-03 10:11:",
    "Am Di., 3. Feb. 2026 um 10:11 Uhr schrieb Gata & park <gata@example.net>:",
    "Am 03.02.2026 um 10:11 schrieb Gata & park:",
    "ti 3. helmik. 2026 klo 10.11 Gata & park (gata@example.net) kirjoitti:",
    "Gata & park <gata@example.net> kirjoitti 3.2.2026 klo 10.11:",
    "Den tir. 3. feb. 2026 kl. 10.11 skrev Gata & park <gata@example.net>:",
    "tir. 3. feb. 2026 kl. 10:11 skrev Gata & park <gata@example.net>:",
    "Op di 3 feb 2026 om 10:11 schreef Gata & park <gata@example.net>:",
    "Le mar. 3 févr. 2026 à 10:11, Gata & park <gata@example.net> a écrit :",
    "W dniu 3.02.2026 o 10:11, Gata & park <gata@example.net> napisał:",
]


def fold(text: str, subject: str = "") -> tuple[str, str]:
    """What is said, and all that is folded away."""
    above, said, below = quoting.fold(text, subject)
    return said, "\n\n".join(part for part in (above, below) if part)


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("below", [QUOTE, "\n" + QUOTE, QUOTE + "\n\n"])
def test_a_reply_header_and_its_quotation_are_folded(header: str, below: str) -> None:
    said, quoted = fold(f"Tack för svaret!\nMen när?\n\n{header}\n{below}")
    assert said == "Tack för svaret!\nMen när?"
    assert quoted.startswith(header.split("\n")[0])
    assert "Plogbilen" in quoted


OUTLOOK = [
    ("Från: Gata & park", "Skickat: den 3 februari 2026 10:11", "Till: Kim Ek", "Ämne: Svar om snö"),
    (
        "Från: Gata & park <gata@example.net>",
        "Datum: tisdag, 3 februari 2026 10:11",
        "Till: kim@example.org",
        "Ämne: Svar",
    ),
    (
        "From: Gata & park",
        "Sent: Tuesday, February 3, 2026 10:11 AM",
        "To: Kim Ek",
        "Cc: Bo",
        "Subject: Svar",
    ),
    ("*From:* Gata & park", "*Sent:* Tuesday, February 3, 2026", "*To:* Kim Ek", "*Subject:* Svar"),
    ("Von: Gata & park", "Gesendet: Dienstag, 3. Februar 2026 10:11", "An: Kim Ek", "Betreff: Svar"),
    (
        "Lähettäjä: Gata & park",
        "Lähetetty: tiistai 3. helmikuuta 2026 10.11",
        "Vastaanottaja: Kim Ek",
        "Aihe: Svar",
    ),
    ("Fra: Gata & park", "Sendt: 3. februar 2026 10:11", "Til: Kim Ek", "Emne: Svar"),
    ("\u200fمن: Gata & park", "تم الإرسال: الثلاثاء، 3 فبراير 2026 10:11", "إلى: Kim Ek", "الموضوع: Svar"),
    ("Від: Gata & park", "Надіслано: вівторок, 3 лютого 2026 р. 10:11", "Кому: Kim Ek", "Тема: Svar"),
    ("Kimden: Gata & park", "Gönderildi: 3 Şubat 2026 Salı 10:11", "Kime: Kim Ek", "Konu: Svar"),
    ("Od: Gata & park", "Wysłano: wtorek, 3 lutego 2026 10:11", "Do: Kim Ek", "Temat: Svar"),
    ("De : Gata & park", "Envoyé le :mardi 3 février 2026 10:11", "À : Kim Ek", "Objet :Svar"),
    ("发件人：Gata & park", "发送时间：2026年2月3日 10:11", "收件人：Kim Ek", "主题：Svar"),
    (" " * 200 + "From: Gata & park", "Sent: Tuesday, February 3, 2026", "To: Kim Ek", "Subject: Svar"),
]


@pytest.mark.parametrize("header", OUTLOOK)
@pytest.mark.parametrize(
    "rule", ["", "________________________________\n", "-----Ursprungligt meddelande-----\n"]
)
def test_the_header_block_of_outlook_is_folded_with_all_below(header: tuple[str, ...], rule: str) -> None:
    said, quoted = fold("Tack!\n\n" + rule + "\n".join(header) + "\n\nHej Kim\n\nPlogbilen kommer.\n")
    assert said == "Tack!"
    assert quoted.endswith("Plogbilen kommer.")
    assert not rule or quoted.startswith(rule.strip())


@pytest.mark.parametrize("subject", ["VB: Svar", "Fwd: Svar", "WG: Svar", "VL: Svar", "إعادة توجيه: Svar"])
def test_what_is_forwarded_to_us_is_not_folded(subject: str) -> None:
    text = "Se nedan!\n\n" + "\n".join(OUTLOOK[0]) + "\n\nHej Kim"
    assert fold(text, subject) == (text, "")


def test_the_same_two_letters_send_on_in_danish_and_answer_in_finnish() -> None:
    finnish, danish = ("\n".join(OUTLOOK[number]) for number in (5, 6))
    assert fold(f"Kiitos!\n\n{finnish}\n\nHei", "VS: Svar") == ("Kiitos!", f"{finnish}\n\nHei")
    assert fold(f"Se her!\n\n{danish}\n\nHej", "VS: Svar")[1] == ""


def test_an_answer_between_the_quoted_lines_stays_with_them() -> None:
    text = "Den 3 feb. 2026 kl. 10:11 skrev Gata <g@example.net>:\n> När snöade det?\nI går.\n> Var?\nPå Björkvägen.\n> Hälsningar"
    said, quoted = fold(text)
    assert "I går." in said
    assert "På Björkvägen." in said
    assert "> Var?" in said
    assert quoted == "> Hälsningar"


@pytest.mark.parametrize("header", HEADERS)
def test_a_greeting_above_the_quotation_is_not_folded_with_it(header: str) -> None:
    said, _ = fold(f"Hej!\n\n{header}\n\n{QUOTE}\nTack, jag väntar.")
    assert "Hej!" in said
    assert "Tack, jag väntar." in said


def test_a_signature_below_the_quotation_leaves_nothing_of_it() -> None:
    assert fold("Tack!\n\n> När?\n> Var?\n-- \nKim")[0] == "Tack!"


def test_an_answer_below_the_quotation_is_shown_and_the_quotation_folded() -> None:
    said, quoted = fold(
        "Den 3 feb. 2026 kl. 10:11 skrev Gata <g@example.net>:\n> När?\n> Var?\n\nI går på Björkvägen."
    )
    assert said == "I går på Björkvägen."
    assert quoted.startswith("Den 3 feb.")


def test_what_the_writer_says_above_a_quotation_is_never_folded_with_it() -> None:
    said, quoted = fold(
        "Lyktan är trasig.\nSe nedan.\nDen 2026-02-03 kl. 10:11, skrev Gata:\n> Var?\n\nVid Björkvägen."
    )
    assert said.startswith("Lyktan är trasig.\nSe nedan.")
    assert said.endswith("Vid Björkvägen.")
    assert quoted == ""


@pytest.mark.parametrize(
    "header",
    [
        "вт, 3 февр. 2026 г. в 10:11, Gata <g@example.net>:",
        "вт, 3 лют. 2026 р. о 10:11 Gata <g@example.net> пише:",
        "في الثلاثاء، 3 فبراير 2026 في 10:11 ص تمت كتابة ما يلي بواسطة Gata <g@example.net>:",
        "2018-01-03 10:11 GMT+01:00 Gata <g@example.net>:",
        '03.02.2026, 10:11, "Gata" <g@example.net>:',
        "Den 3 feb. 2026 kl. 10:11, Gata och park i Ekby\n<g@example.net>\nskrev:",
        "On Dec 16, 2025,\nat 10:18,\nGata <g@example.net> wrote:",
        "Den tis 3 feb. 2026 kl 10:11 skrev Gata och park <gata@example.net\n>:",
        "Den 3 feb. 2026 kl. 10:11,\nMaria Ek <maria@example.net> skrev:",
        "Den tis 3 feb., Gata och park\n<g@example.net>\nskrev:",
        "---- Den tis, 03 feb 2026 10:11:12 +0100 Gata <g@example.net> skrev ----",
        "-------- Gata skrev --------",
        "Citerar Gata <g@example.net>:",
        "3 feb. 2026 10:11 av g@example.net:",
        "2026.02.03. 10:11 keltezéssel, Gata írta:",
    ],
)
def test_a_reply_header_without_a_verb_or_in_three_lines_is_folded_whole(header: str) -> None:
    assert fold(f"Tack!\n\n{header}\n\n> När?\n") == ("Tack!", f"{header}\n\n> När?")


def test_a_reply_header_that_a_program_alone_writes_is_folded_though_nothing_below_is_marked() -> None:
    text = '03.02.2026, 10:11, "Gata" <g@example.net>:\n\nNär?'
    assert fold(f"Tack!\n\n{text}") == ("Tack!", text)


def test_what_apple_mail_sends_on_as_a_quotation_is_not_folded() -> None:
    sent_on = "> Vidarebefordrat brev:\n>\n> Från: Gata\n>\n> Plogbilen kommer."
    assert fold(f"Se nedan!\n\n{sent_on}", "VB: Svar") == (f"Se nedan!\n\n{sent_on}", "")
    reply = f"Den 3 feb. 2026 kl. 10:11 skrev G <g@example.net>:\n\n> Se nedan!\n>\n{sent_on}"
    assert fold(f"Tack!\n\n{reply}", "Re: Svar") == ("Tack!", reply)


def test_the_lines_of_a_mailing_list_below_a_quotation_are_no_answer() -> None:
    footer = (
        "_" * 40 + "\nByalaget mailing list\nbyalaget@lists.example.org\nhttps://lists.example.org/byalaget"
    )
    folded = f"Den 3 feb. 2026 kl. 10:11 skrev Gata:\n> När?\n\n{footer}"
    assert fold(f"I morgon.\n\n{folded}") == ("I morgon.", folded)
    assert fold(f"I morgon.\n\n{footer}") == ("I morgon.", footer)


def test_a_rule_with_a_title_that_we_do_not_know_goes_with_the_header_below_it() -> None:
    block = "-------- Algne sõnum --------\nSaatja: Gata\nSaadetud: 3. veebruar 2026 10:11\nAdressaat: Kim\nTeema: Hej\n\nNär?"
    assert fold(f"Tack!\n\n{block}") == ("Tack!", block)


def test_a_rule_above_a_header_block_goes_with_it() -> None:
    block = "----------\n\nFrån: Gata\nSkickat: den 3 februari\nTill: Kim\nÄmne: Hej\n\nNär?"
    assert fold(f"Tack!\n\n{block}") == ("Tack!", block)


@pytest.mark.parametrize(
    "text",
    [
        "Hej!\n\nGrannen skrev så här i sitt brev:\nJag vill ha mer ljus.",
        "Jag skrev redan 2019 om detta:\nlyktan är trasig.",
        "Jag ska till: skolan\nFrån: hemmet\noch sedan hem.",
        "Tider:\n10:15 buss\n11:15 buss",
        "Tre saker:\n- ljus\n- sand\n- salt\n\n/Kim",
        "Med vänlig hälsning\nKim Ek\n070-123 45 67",
        "Filen ligger i\n/home/kim/karta.pdf",
        "Frågor:\nFrån: vem?\nTill: vem?",
        "Så här:\nFrån: busshållplatsen\nTill: skolan\nÄmne: hål i vägen\n\nKan ni laga det?",
        "Alternativ:\n--\nvänster\n--\nhöger",
        "-- så skrev jag förra veckan --\nmen ingen svarade",
        "Bonjour\n\nEnvoyé depuis Lyon",
        "Större än\n> :\nska det stå",
        "Hej\n\nSkickat med brevbäraren i går",
        "Citat ur ert svar till kim@example.org:\nVi plogar alla vägar.",
        "3 > 2 och 2 < 3",
        "Hej!\n\nFrån: Ursviken\nTill: Centrum\nDatum: 3 maj\n\nBussen kom aldrig.",
        "Hej!\n\nFrån: Ursviken\nTill: Centrum\nDatum: 12.05.2026\n\nBussen kom aldrig.",
        "Hej!\n\nFrån: mig @ jobbet\nTill: er\nÄmne: bussen\n\nBussen kom aldrig.",
        "Merhaba\n\nBelgeler gönderildi, ne zaman cevap alırım?",
        "Merhaba\n\nBelgeler gönderildi",
        "Merhaba\n\nAnkara'dan gönderildi, ne zaman gelir?",
        "Hei\n\nLähetetty hakemus palautui postista, miksi?",
        "Hei\n\nLähetetty hakemus palautui postista.",
        "Здравствуйте\n\nОтправлено из Кирова три недели назад, где оно?",
        "Dzień dobry\n\nWysłano z opóźnieniem, dlaczego?",
        "Hej\n\nSkickat från min dotter som har en dator",
        "Hej\n\nSkickat från min mans telefon",
        "Hej\n\nSkickat från min telefon. Kan ni ringa i stället?",
        "Hej\n\nSkickat från Outlook, men svara till min jobbadress",
        "Hello\n\nSent from my sister",
        "Hello\n\nSent from my sister's phone",
        "Hello\n\nSent from my phone, please call me instead",
        "Hallo\n\nGesendet von meiner Tochter",
        "Hallo\n\nDiese Nachricht wurde von meiner Tochter geschrieben",
        "Hei\n\nSendt fra min datter",
        "Bonjour\n\nEnvoyé de mon travail",
        "Hola\n\nEnviado de mi hija",
        "Buongiorno\n\nInviato da mia figlia",
        "Hallo\n\nVerzonden met hulp van mijn dochter",
        "Здравствуйте\n\nОтправлено с помощью дочери",
        "مرحبا\n\nأرسلت من ابنتي",
    ],
)
def test_ordinary_writing_is_left_alone(text: str) -> None:
    assert fold(text) == (text, "")


def test_a_signature_after_its_dashes_is_folded() -> None:
    assert fold("Hej\n\nHälsningar Kim\n-- \nKim Ek\nStora firman AB") == (
        "Hej\n\nHälsningar Kim",
        "-- \nKim Ek\nStora firman AB",
    )


@pytest.mark.parametrize(
    "footer",
    [
        "Skickat från min iPhone",
        "Sent from my iPhone",
        "Sent from my iPhone. Please excuse any typos!",
        "Sent from my Verizon, Samsung Galaxy smartphone",
        "Skickat från min Samsung Galaxy-smarttelefon.",
        "Sent from Mail<https://go.example.com/?LinkId=1> for Windows",
        "Hämta Outlook för iOS<https://aka.ms/o0ukef>",
        "Skickat från Outlook för Android",
        "Gesendet von meinem iPhone",
        "Lähetetty iPhonesta",
        "Sendt fra min iPhone",
        "Lähetetty Outlook for Androidista",
        "Sent with [Proton Mail](https://proton.example) secure email.",
        "Diese Nachricht wurde von meinem Android-Gerät mit GMX Mail gesendet.",
        "iPhone’umdan gönderildi",
        "Отправлено из Почты Mail.ru для Android",
        "Inviato da Posta<https://go.example.com/?x=1,2> per Windows",
        "Verzonden met [Proton Mail](https://proton.example) beveiligde e-mail.",
        "Надіслано з iPhone",
        "Skickades från E-post för Windows",
        "Skickat med Proton Mail säker e-post.",
        "Envoyé à partir de Outlook pour iOS<https://aka.ms/o0ukef>",
        "أُرسلت من الـ iPhone",
        "_______________________________________________\nByalaget mailing list -- byalaget@lists.example.org",
    ],
)
def test_what_a_telephone_adds_is_folded(footer: str) -> None:
    assert fold(f"Hej\n\n{footer}\n") == ("Hej", footer)
    said, quoted = fold(f"Hej\n\n{footer}\n\n> Den gamla\n> frågan")
    assert said == "Hej"
    assert "frågan" in quoted


def test_where_nothing_would_be_left_nothing_is_folded() -> None:
    for text in (
        "> bara\n> citat",
        "-- \nKim",
        "Skickat från min iPhone",
        "Den 3 feb. 2026 kl. 10:11 skrev G <g@example.net>:\n> Hej",
    ):
        assert fold(text) == (text, "")


def test_nothing_is_lost_by_folding() -> None:
    for header in HEADERS:
        text = f"Tack!\n\n{header}\n{QUOTE}\n-- \nKim"
        said, quoted = fold(text)
        assert sorted(f"{said} {quoted}".split()) == sorted(text.split())


def test_whoever_quotes_a_line_of_ours_and_says_so_in_a_sentence_is_heard_whole() -> None:
    said = "Hej! Ni skrev förra veckan:\n> Plogen kommer på tisdag.\nDen kom aldrig."
    assert fold(said) == (said, "")
    named = "Kim Ek skrev:\n> Plogen kommer på tisdag.\nDen kom aldrig."
    assert fold(named) == ("Den kom aldrig.", "Kim Ek skrev:\n> Plogen kommer på tisdag.")


def test_a_header_between_angles_as_groupwise_writes_it_begins_the_repetition() -> None:
    header = ">>> Gata & park <gata@example.net> 2026-02-03 10:11 >>>"
    assert fold(f"Tack!\n\n{header}\nPlogbilen kommer.") == ("Tack!", f"{header}\nPlogbilen kommer.")
    assert fold("Tack!\n\n>>> här står det >>>\nMer.")[1] == ""
