"""Canonical text: the one form a cell may have, and the form in which ids and names are compared."""

import re
import unicodedata

# Characters that show as nothing or as a space though Unicode counts them as letters, marks or symbols.
UNSEEN = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0" + "".join(map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10))))
SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")
REMEDY = "write it in plain characters: look at the cell in a text editor, not in a spreadsheet"
_WORD = re.compile(r"[^\W\d_]+")


def normal(text: str) -> str:
    """The text with its accents composed (NFC): the same text to a reader, so this change is made silently."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fault(text: str) -> str | None:
    """What is wrong with a cell, with the character by its Unicode name; None for canonical text.

    Canonical is text without white space around it, with single plain spaces alone, no control, formatting, private or unseen
    character, no digit but 0 to 9, no letter of the full-width forms, and no word that mixes Latin, Greek and Cyrillic letters.
    """
    plain = text.isascii() and text.isprintable()
    for place, character in enumerate("" if plain else text):
        if (character.isascii() and character.isprintable()) or not _odd(character):
            continue
        name = unicodedata.name(character, "") or f"control character {ord(character)}"
        return f"has the character {name} (U+{ord(character):04X}) at place {place + 1}"
    if text.startswith(" ") or text.endswith(" "):
        return f"{'begins' if text.startswith(' ') else 'ends'} with a space"
    if "  " in text:
        return "has two spaces in a row"
    if not text.isascii():
        for word in _WORD.findall(text):
            scripts = [s for s in SCRIPTS if any(unicodedata.name(letter, "").startswith(s) for letter in word)]
            if len(scripts) > 1:
                return f"mixes {' and '.join(s.title() for s in scripts)} letters in the word {word!a}"
    return None


def _odd(character: str) -> bool:
    category = unicodedata.category(character)
    return (
        category in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Nd")
        or (category == "Zs" and character != " ")
        or character in UNSEEN
        or unicodedata.name(character, "").startswith("FULLWIDTH LATIN")
    )


def fold(text: str) -> str:
    """The text as ids and names are compared: without case, accents and white space."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(c for c in parts.casefold() if not unicodedata.combining(c) and not c.isspace())
