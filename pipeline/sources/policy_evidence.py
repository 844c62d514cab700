"""What the register's acts rest on and touch: their texts, both coders' codes, customs codes, and the control lists."""

from pathlib import Path

import pandas as pd

from pipeline.intake import transcribed
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError, nulls
from pipeline.schemas.policy_events import CODES, INSTRUMENTS
from pipeline.schemas.policy_sources import EXTENTS
from pipeline.schemas.vocabularies import KINDS_OF_TEXT
from pipeline.sources.policy_register import refuse

CODER_FILES = {"1": "codes_coder_1.csv", "2": "codes_coder_2.csv", "final": "codes_final.csv"}
SOURCES = ["event_id", "rank", "document_id", "kind", "extent"]
# The settled row of an act that no coder coded separately begins its note so.
CODED_ONCE = "coded once"


def policy_sources(policy_register: SourceFiles, documents: pd.DataFrame, policy_events: pd.DataFrame) -> pd.DataFrame:
    """The texts of each act by rank, with title, address and date of publication as `documents` has them.

    Raises SourceError naming file, row and act for an unknown act, text, kind or extent, ranks that do not run 1, 2, 3 … or put a
    lesser kind before a better one, and an act whose best_source is not the best kind among its texts.
    """
    file = policy_register.path("sources.csv")
    frame = transcribed.read(file, SOURCES)
    twice = frame.duplicated(["event_id", "document_id"])
    refuse(file, frame, "document_id", twice, "is listed twice for its act", "remove one of the two rows")
    _known_acts(file, frame, policy_events)
    texts = documents.set_index("document_id")[["url", "title", "published_on"]]
    unknown = ~frame["document_id"].isin(list(texts.index))
    refuse(
        file,
        frame,
        "document_id",
        unknown,
        "is not in documents.csv",
        "add the text to data/raw/documents.csv, or correct the name",
    )
    transcribed.one_of(file, frame, "kind", KINDS_OF_TEXT)
    transcribed.one_of(file, frame, "extent", (*EXTENTS, ""))
    frame["rank"] = transcribed.numbers(file, frame, "rank")
    place = frame.groupby("event_id")["rank"].rank(method="first")
    refuse(
        file, frame, "rank", frame["rank"] != place, "does not follow 1, 2, 3 …", "number the act's texts from 1, the best first"
    )

    best = frame.groupby("event_id")["kind"].transform(lambda kinds: min(kinds, key=KINDS_OF_TEXT.index))
    said = frame["event_id"].map(policy_events.set_index("event_id")["best_source"])
    why = "has another best kind among its texts than its best_source in events.csv"
    refuse(file, frame, "kind", best != said, why, "correct the one or the other")
    ranked = frame.sort_values(["event_id", "rank"])
    quality = ranked["kind"].map(KINDS_OF_TEXT.index)
    better = (quality < quality.groupby(ranked["event_id"]).shift()).reindex(frame.index)
    refuse(file, frame, "kind", better, "stands below a text of a lesser kind", "number the act's texts from 1, the best first")
    return frame.assign(extent=nulls(frame["extent"])).astype({"rank": "int64"}).join(texts, on="document_id")


def policy_codes(policy_register: SourceFiles, policy_events: pd.DataFrame) -> pd.DataFrame:
    """Every code of both coders and as settled, one row a field; acts merged away since name the act that holds them now.

    Raises SourceError naming file, row and act for an unknown act, an act twice, a word its field does not know, a settled code
    that is missing, or is not what events.csv has, and an act neither coder coded whose settled note does not begin "coded once".
    """
    merged = _merged_away(policy_register, policy_events)
    known = [*policy_events["event_id"], *merged.index]
    coded = [_coded(policy_register.path(file), coder, known) for coder, file in CODER_FILES.items()]
    _check_settled(policy_register, policy_events)
    codes = pd.concat(coded, ignore_index=True)
    return codes.assign(merged_into=codes["event_id"].map(merged))


def policy_hs(policy_register: SourceFiles, policy_events: pd.DataFrame) -> pd.DataFrame:
    """Customs codes that acts touch, published or assigned. Raises SourceError naming the act for an invalid code or note."""
    file = policy_register.path("hs.csv")
    frame = transcribed.read(file, ["event_id", "hs6", "nomenclature", "basis", "scope_share", "note_id", "note"])
    _known_acts(file, frame, policy_events)
    bad = ~frame["hs6"].str.fullmatch(r"(0[1-9]|[1-8][0-9]|9[0-7])[0-9]{4}")
    refuse(
        file,
        frame,
        "hs6",
        bad,
        "is not a six-digit code",
        "write six digits; a spreadsheet may have changed it: compare with git",
    )
    notes = transcribed.notes(policy_register.path("notes.csv"), file, frame)
    return frame.assign(note=notes).drop(columns="note_id")


def control_lists(control_lists: SourceFiles) -> pd.DataFrame:
    """Items of the control announcements with their codes as published, 8 or 10 digits, and the six digits they begin with.

    Raises SourceError naming file and row for a code of another width, or six digits that are not those of the published codes.
    """
    file = control_lists.path("control_lists.csv")
    columns = ["announcement", "event_id", "item_no", "element", "item", "hs10", "hs6", "control_code", "document_id", "note"]
    frame = transcribed.read(file, columns)
    remedy = "write the codes as published, joined by ; and nothing else; a spreadsheet may have changed them: compare with git"
    transcribed.refuse(
        file,
        frame,
        "hs10",
        ~frame["hs10"].str.fullmatch(r"(\d{8}(\d\d)?(;\d{8}(\d\d)?)*)?"),
        "is not a code of 8 or 10 digits",
        remedy,
    )
    first_six = frame["hs10"].map(lambda codes: ";".join(dict.fromkeys(code[:6] for code in codes.split(";"))))
    transcribed.refuse(
        file,
        frame,
        "hs6",
        frame["hs6"] != first_six,
        "is not what the codes of hs10 begin with",
        "write each once, in their order",
    )
    return frame.assign(**{c: nulls(frame[c]) for c in ("hs10", "hs6", "control_code", "note")})


def instrument_weights(policy_register: SourceFiles) -> pd.DataFrame:
    """The weight of each instrument in the stance index, with its reason.

    Raises SourceError naming file and row for an unknown instrument, one twice, one left out, or a weight that is no number.
    """
    file = policy_register.path("rubric.csv")
    frame = transcribed.read(file, ["instrument", "weight", "why", "acts"])
    transcribed.one_of(file, frame, "instrument", INSTRUMENTS)
    transcribed.refuse(file, frame, "instrument", frame["instrument"].duplicated(), "occurs twice", "remove one of the two rows")
    weight = transcribed.numbers(file, frame, "weight")
    transcribed.refuse(file, frame, "weight", weight.isna(), "is empty", "give every instrument a weight, 0 for words")
    missing = sorted(set(INSTRUMENTS) - set(frame["instrument"]))
    if missing:
        raise SourceError(f"{file.name} has no row for {missing[0]}", "give every instrument a weight, 0 for words")
    return frame.assign(weight=weight).drop(columns="acts")


def _known_acts(file: Path, frame: pd.DataFrame, acts: pd.DataFrame) -> None:
    unknown = ~frame["event_id"].isin(list(acts["event_id"]))
    refuse(file, frame, "event_id", unknown, "names no act of events.csv", "correct the name, or add the act")


def _merged_away(policy_register: SourceFiles, acts: pd.DataFrame) -> pd.Series:
    """Acts merged away → the act each was merged into."""
    file = policy_register.path("merged_away.csv")
    frame = transcribed.read(file, ["event_id", "merged_into", "reason"], may_be_empty=True)
    known = list(acts["event_id"])
    refuse(file, frame, "merged_into", ~frame["merged_into"].isin(known), "names no act of events.csv", "correct the name")
    refuse(file, frame, "event_id", frame["event_id"].isin(known), "is still an act of events.csv", "remove one of the two rows")
    refuse(file, frame, "event_id", frame["event_id"].duplicated(), "occurs twice", "remove one of the two rows")
    return frame.set_index("event_id")["merged_into"]


def _coded(file: Path, coder: str, known: list[str]) -> pd.DataFrame:
    """One coder's codes, a row an act in the file, a row a field in the result."""
    frame = transcribed.read(file, ["event_id", *CODES, "note"])
    refuse(
        file,
        frame,
        "event_id",
        ~frame["event_id"].isin(known),
        "names no act of events.csv or merged_away.csv",
        "correct the name, or add the act",
    )
    refuse(file, frame, "event_id", frame["event_id"].duplicated(), "occurs twice", "remove one of the two rows")
    for field, words in CODES.items():
        transcribed.one_of(file, frame, field, words)
    long = frame.melt(id_vars="event_id", var_name="field").assign(coder=coder)
    return long[long["value"] != ""]


def _check_settled(policy_register: SourceFiles, policy_events: pd.DataFrame) -> None:
    file = policy_register.path(CODER_FILES["final"])
    settled = transcribed.read(file, ["event_id", *CODES, "note"])
    uncoded = sorted(set(policy_events["event_id"]) - set(settled["event_id"]))
    if uncoded:
        raise SourceError(f"{file.name} has no row for act {uncoded[0]}", "settle its codes there: docs/add-an-act.md says how")
    coded = policy_events.assign(status=policy_events["status_coded"]).set_index("event_id")
    for field in CODES:
        differs = settled["event_id"].isin(list(coded.index)) & (settled[field] != settled["event_id"].map(coded[field]))
        refuse(file, settled, field, differs, "is not what events.csv has", "make the two the same")
    apart = [transcribed.read(policy_register.path(CODER_FILES[c]), ["event_id", *CODES, "note"])["event_id"] for c in ("1", "2")]
    once = settled["event_id"].isin(list(coded.index)) & ~settled["event_id"].isin(list(pd.concat(apart)))
    why = f"does not begin with {CODED_ONCE!r}, and neither coder coded the act"
    refuse(file, settled, "note", once & ~settled["note"].str.startswith(CODED_ONCE), why, "say so, or add both coders' rows")
