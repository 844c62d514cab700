"""Codes of the tables as words: countries, elements, vocabulary, dates and units, the same on every page."""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.report.labels import LAYERS

ELEMENTS = {
    "Sc": "scandium", "Y": "yttrium", "La": "lanthanum", "Ce": "cerium", "Pr": "praseodymium", "Nd": "neodymium",
    "Pm": "promethium", "Sm": "samarium", "Eu": "europium", "Gd": "gadolinium", "Tb": "terbium", "Dy": "dysprosium",
    "Ho": "holmium", "Er": "erbium", "Tm": "thulium", "Yb": "ytterbium", "Lu": "lutetium", "Ga": "gallium",
    "Ge": "germanium", "Sb": "antimony", "W": "tungsten", "C": "graphite", "Li": "lithium", "Sn": "tin", "Co": "cobalt",
    "Ta": "tantalum", "Cu": "copper", "Ag": "silver", "Mg": "magnesium", "In": "indium", "Nb": "niobium", "Mn": "manganese",
    "Pb": "lead", "Te": "tellurium", "Bi": "bismuth", "Mo": "molybdenum", "Ti": "titanium", "Al": "aluminium", "F": "fluorine",
    "Si": "silicon", "P": "phosphorus", "Zn": "zinc", "Cr": "chromium", "all": "all rare earths", "HREE": "heavy rare earths",
    "non-REE": "other minerals",
}  # fmt: skip
SPECIAL = {
    "mou_framework": "memorandum or framework",
    "wto_dispute": "WTO dispute",
    "one_off": "one-off, done",
    "metal_alloy": "metal and alloy",
    "price_floor_offtake": "price floor or offtake",
    "consolidation_merger": "merger or consolidation",
    "EUU": "European Union",
    "all": "all rare earths",
    "ree": "rare earths named",
    "broader": "broader, rare earths among them",
    "printed": "published in the act",
    "assigned": "assigned by us",
    "construction": "under construction",
} | {layer: label.lower() for layer, label in LAYERS.items()}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def in_a_sentence(name: str) -> str:
    """A country's name within a sentence: `the United States`."""
    several = name.startswith(("United ", "European ", "DR ")) or name.endswith((" Republic", " Islands"))
    return f"the {name}" if several or name in ("Netherlands", "Philippines", "Bahamas", "Gambia", "Maldives") else name


def typeset(text: str) -> str:
    """A text with its numbers as the site writes them: a no-break space before the percent sign, a minus instead of a hyphen."""
    return re.sub(r"(^|[\s(])-(?=\d)", "\\1\u2212", re.sub(r"(?<=\d)%", "\u00a0%", text))


def possessive(name: str) -> str:
    """`the United States'`, `Japan's`."""
    return f"{in_a_sentence(name)}'" if name.endswith("s") else f"{in_a_sentence(name)}'s"


def word(code: Any) -> str:
    """A word of a vocabulary as readers see it: `export_licence` is `export licence`; a missing one is empty."""
    return "" if pd.isna(code) else SPECIAL.get(str(code), str(code).replace("_", " "))


def element(symbol: str) -> str:
    """An element's name by its symbol, `NdPr` both; what is none stays as it is."""
    return ELEMENTS.get(symbol, {"NdPr": "neodymium-praseodymium"}.get(symbol, symbol))


def listed(text: Any, of: Mapping[str, str]) -> str:
    """Codes joined by semicolons as names joined by commas; a code without a name stays."""
    return "" if pd.isna(text) else ", ".join(of.get(code.strip(), code.strip()) for code in str(text).split(";"))


def spelled(text: Any, of: Mapping[str, str]) -> str:
    """A text of ours with the one spelling of a country that the table `countries` has."""
    return str(text).replace("Viet Nam", of.get("VNM", "Viet Nam"))


def plain(text: Any, of: Mapping[str, str]) -> str:
    """A text of the tables for readers: country codes as names, words of vocabularies with spaces."""
    if pd.isna(text):
        return ""
    named = re.sub(r"\b[A-Z]{3}\b", lambda code: of.get(code[0], code[0]), spelled(text, of))
    return typeset(re.sub(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b", lambda code: word(code[0]), named))


def day(date: Any) -> str:
    """A date as far as it is known: `2025-04-04` is `4 April 2025`, `2025-04` is `April 2025`; a missing one is empty."""
    if pd.isna(date):
        return ""
    year, *rest = str(date).split("-")
    month = [MONTHS[int(rest[0]) - 1]] if rest else []
    return " ".join([*([str(int(rest[1]))] if len(rest) > 1 else []), *month, year])
