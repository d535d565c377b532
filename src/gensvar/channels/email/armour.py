"""PGP inside the text of a mail: the words of a signed one stand bare, what is encrypted is said to be so.

RFC 9580 § 6.2 and § 7. Nothing is verified here. Neighbours: body calls `take_off` before quotations are folded; marks
tells by the lines that were folded that the mail is signed or encrypted.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
ENCRYPTED = "-----BEGIN PGP MESSAGE-----"
END_SIGNATURE = "-----END PGP SIGNATURE-----"
END_ENCRYPTED = "-----END PGP MESSAGE-----"


def unreadable() -> str:
    """What stands in place of words that only a key of the receiver could open."""
    return _("This message is encrypted and cannot be read here. It is kept as it came.")


def take_off(text: str) -> tuple[str, str]:
    """The text without armour, and the armour."""
    if "-----BEGIN PGP " not in text:
        return text, ""
    said: list[str] = []
    folded: list[str] = []
    state = ""  # the line of armour that we are under
    for line in text.split("\n"):
        mark = line.rstrip()
        if mark == ENCRYPTED and not state:
            said.append(unreadable())
            state = ENCRYPTED
        elif mark == SIGNED and not state:
            state = SIGNED
        elif mark == SIGNATURE and state == "words":
            state = SIGNATURE
        elif state == SIGNED and not mark:  # the empty line after "Hash: …"
            state = "words"
        elif state == "words":
            said.append(line.removeprefix("- "))
            continue
        elif not state:
            said.append(line)
            continue
        folded.append(line)
        if (state, mark) in ((SIGNATURE, END_SIGNATURE), (ENCRYPTED, END_ENCRYPTED)):
            state = ""
    return "\n".join(said).strip("\n"), "\n".join(folded).strip("\n")
