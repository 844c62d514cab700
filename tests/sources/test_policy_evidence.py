"""The register's texts, codes, customs codes and the control lists: what bad files are told, and what the texts print."""

import pandas as pd
import pytest

from pipeline import catalog
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError
from pipeline.measures import policy_in_force
from pipeline.schemas import contract
from pipeline.schemas.contract import ContractBroken
from pipeline.schemas.policy_events import INSTRUMENTS
from pipeline.sources import policy_evidence, policy_register
from pipeline.sources.reviewed import documents
from tests.made_sources import Write
from tests.sources import little_register

DOCUMENTS = pd.DataFrame(
    {
        "document_id": ["text-a", "text-b"],
        "url": ["https://a.example", "https://b.example"],
        "title": ["A", "B"],
        "published_on": ["2024-03-10", None],
    },
    dtype="str",
)


def made(table: str, source: Write, files: dict[str, str | bytes]) -> pd.DataFrame:
    """The table from these files, held to its contract."""
    if table == "control_lists":
        frame = policy_evidence.control_lists(source("control_lists", **files))
    elif table == "policy_sources":
        register = source("policy_register", **files)
        frame = policy_evidence.policy_sources(register, DOCUMENTS, policy_register.policy_events(register))
    else:
        register = source("policy_register", **files)
        frame = getattr(policy_evidence, table)(register, policy_register.policy_events(register))
    return contract.check(catalog.table(table), frame).rows


def files_of(table: str) -> dict[str, str | bytes]:
    lists: dict[str, str | bytes] = {"control_lists.csv": little_register.CONTROL_LISTS}
    return lists if table == "control_lists" else dict(little_register.FILES)


def test_texts_by_rank_with_what_documents_say_of_them(source: Write) -> None:
    rows = made("policy_sources", source, files_of("policy_sources")).set_index(["event_id", "rank"])
    assert rows.loc[("licence", 1), ["title", "url", "published_on", "kind"]].tolist() == [
        "A",
        "https://a.example",
        "2024-03-10",
        "official",
    ]
    assert len(rows) == 4


def test_a_code_a_field_and_merged_acts_name_where_they_went(source: Write) -> None:
    rows = made("policy_codes", source, files_of("policy_codes"))
    assert len(rows) == 3 * 4 * 8 + 1
    codes = rows.set_index(["event_id", "field", "coder"])
    assert codes.loc["licence", "direction"]["value"].to_dict() == {"1": "strengthens", "2": "neutral", "final": "strengthens"}
    assert codes.loc[("suspension", "note", "2"), "value"] == "what is suspended keeps its instrument"
    assert rows.dropna(subset="merged_into")[["event_id", "merged_into"]].drop_duplicates().to_numpy().tolist() == [
        ["twin", "suspension"]
    ]


def test_a_shared_note_and_an_own_one_stand_together(source: Write) -> None:
    rows = made("policy_hs", source, files_of("policy_hs")).set_index("hs6")
    assert rows["note"].fillna("").to_dict() == {"284690": "named in item 1", "850511": "named in item 1; magnets", "253090": ""}


def test_codes_of_eight_and_ten_digits_and_none(source: Write) -> None:
    rows = made("control_lists", source, files_of("control_lists")).set_index(["announcement", "item_no"])
    assert rows["hs6"].fillna("").tolist() == ["280530", "382499;848690", "", "710510"]
    assert rows.loc[("18 of 2025", "1.c"), ["hs10", "hs6"]].isna().all()


# table: file, what is replaced, by what, words a person must find.
BAD = [
    ("policy_sources", "sources.csv", "event_id,rank", "event,rank", "missing: ['event_id']; unknown: ['event']"),
    ("policy_sources", "sources.csv", "kind,extent\n", "kind,extent,year\n", "unknown: ['year']"),
    ("policy_sources", "sources.csv", "quota,1,text-b", "quotas,1,text-b", "row 4, column event_id: 'quotas'"),
    ("policy_sources", "sources.csv", "quota,1,text-b", "quota,1,text-c", "'text-c' of act quota is not in documents.csv"),
    ("policy_sources", "sources.csv", "text-b,official_copy", "text-b,rumour", "row 4, column kind: 'rumour'"),
    ("policy_sources", "sources.csv", "licence,2,", "licence,3,", "does not follow 1, 2, 3"),
    ("policy_sources", "sources.csv", "licence,2,", "licence,-2,", "does not follow 1, 2, 3"),
    ("policy_sources", "sources.csv", "licence,2,", "licence,1,", "does not follow 1, 2, 3"),
    ("policy_sources", "sources.csv", "licence,2,", '"licence","1,002",', "'1,002' is not a plain number"),
    ("policy_sources", "sources.csv", "licence,2,", "licence,two,", "'two' is not a plain number"),
    ("policy_sources", "sources.csv", "licence,2,text-b", "licence,2,text-a", "is listed twice for its act"),
    (
        "policy_sources",
        "sources.csv",
        "quota,1,text-b,official_copy,partial",
        "quota,1,text-b,other,",
        "row 4, column kind: 'other' of act quota has another best kind",
    ),
    ("policy_sources", "sources.csv", "suspension,1,text-b,other,\n", "suspension,1", "sources.csv, row 5"),
    ("policy_sources", "sources.csv", "official_copy,partial", "official_copy,most", "row 4, column extent: 'most'"),
    (
        "policy_sources",
        "sources.csv",
        "licence,1,text-a,official,whole\nlicence,2,text-b,other,",
        "licence,1,text-b,other,\nlicence,2,text-a,official,whole",
        "row 3, column kind: 'official' of act licence stands below a text of a lesser kind",
    ),
    ("policy_codes", "codes_coder_1.csv", "reach,note", "range,note", "missing: ['reach']"),
    ("policy_codes", "codes_coder_2.csv", "quota,industrial_policy", "quota,industry", "row 3, column layer: 'industry'"),
    ("policy_codes", "codes_coder_2.csv", "quota,industrial_policy", "quota,", "column layer: ''"),
    (
        "policy_codes",
        "codes_coder_1.csv",
        "quota,industrial_policy",
        "qutoa,industrial_policy",
        "'qutoa' of act qutoa names no act",
    ),
    ("policy_codes", "codes_coder_1.csv", "twin,", "quota,", "column event_id: 'quota' of act quota occurs twice"),
    (
        "policy_codes",
        "codes_final.csv",
        "quota,industrial_policy,neutral",
        "quota,industrial_policy,weakens",
        "row 3, column direction: 'weakens' of act quota is not what",
    ),
    (
        "policy_codes",
        "codes_final.csv",
        "quota,industrial_policy,neutral,neutral,production_quota,binding,expired,ree,global,\n",
        "",
        "codes_final.csv has no row for act quota",
    ),
    ("policy_codes", "merged_away.csv", "twin,suspension", "twin,nobody", "column merged_into: 'nobody'"),
    ("policy_codes", "merged_away.csv", "twin,suspension", "licence,suspension", "is still an act of events.csv"),
    ("policy_hs", "hs.csv", "basis,scope_share", "basis,share", "missing: ['scope_share']; unknown: ['share']"),
    ("policy_hs", "hs.csv", "284690", "2.8469E+05", "'2.8469E+05' of act licence is not a six-digit code"),
    ("policy_hs", "hs.csv", "licence,850511,HS2022", "licence,284690,HS2017/HS2022", "same key"),
    ("policy_hs", "hs.csv", "HS2022,assigned,unknown", "HS2022,guessed,unknown", "guessed"),
    ("policy_hs", "hs.csv", "HS2022,assigned,unknown", "HS2022,assigned,1.2", "1.2"),
    ("policy_hs", "hs.csv", "quota,253090,HS2022", "quota,253090,HTS", "HTS"),
    ("policy_hs", "hs.csv", "printed,part,n1", "printed,part,n9", "column note_id: 'n9' is not in notes.csv"),
    ("policy_hs", "hs.csv", "quota,253090", "quotas,253090", "'quotas'"),
    ("control_lists", "control_lists.csv", "control_code", "code", "missing: ['control_code']"),
    ("control_lists", "control_lists.csv", "2805301910,280530", "280530191,280530", "row 2, column hs10: '280530191'"),
    ("control_lists", "control_lists.csv", "2805301910,280530", "2.80530191E9,280530", "is not a code of 8 or 10 digits"),
    ("control_lists", "control_lists.csv", "2805301910,280530", "2805301910,280540", "row 2, column hs6: '280540'"),
    ("control_lists", "control_lists.csv", "18 of 2025,licence,1.b", "18 of 2025,licence,1.a", "same key"),
]


@pytest.mark.parametrize(("table", "file", "old", "new", "said"), BAD, ids=[f"{b[0]}: {b[4]}"[:60] for b in BAD])
def test_a_bad_file_is_told_where_and_what(table: str, file: str, old: str, new: str, said: str, source: Write) -> None:
    files = files_of(table)
    assert str(files[file]).count(old) == 1, old
    files[file] = str(files[file]).replace(old, new)
    with pytest.raises((SourceError, ContractBroken), match=r"What to do: .+") as caught:
        made(table, source, files)
    assert said in str(caught.value)


@pytest.mark.parametrize("table", ["policy_sources", "policy_codes", "policy_hs", "control_lists"])
def test_a_wrong_encoding_is_told(table: str, source: Write) -> None:
    names = {"policy_sources": "sources.csv", "policy_codes": "codes_coder_1.csv", "policy_hs": "hs.csv"}
    files = files_of(table)
    name = names.get(table, "control_lists.csv")
    files[name] = str(files[name]).encode() + "é".encode("latin-1")
    with pytest.raises(SourceError, match="is not UTF-8"):
        made(table, source, files)


# What the texts print, read again in the copies the rows name.

ANNOUNCEMENT_18 = {  # English copy, osencmagnet.com
    "1.a.1": "2805301910",
    "1.a.3": "3824999922;8486909110",
    "1.b": "2846901940;2846901993;3824999922",
    "1.c": "2846902810;2846902910;2846903910;2846904820;2846904910;2846909920;3824999922",
}
ANNOUNCEMENT_39 = {  # copy, shjhsm.com
    "1": "3801100030;3801909010;6815190020",
    "2": "2504101000;2504109100;3801901000;3801909010;3824999940;6815190020",
}


def test_control_lists_are_as_printed() -> None:
    lists = policy_evidence.control_lists(SourceFiles("control_lists")).set_index(["announcement", "item_no"])["hs10"]
    assert {item: lists["18 of 2025", item] for item in ANNOUNCEMENT_18} == ANNOUNCEMENT_18
    assert {item: lists["39 of 2023", item] for item in ANNOUNCEMENT_39} == ANNOUNCEMENT_39
    assert pd.isna(lists["18 of 2025", "1.a.4"])  # Samarium-cobalt magnets: no code is printed.


def test_customs_codes_are_called_printed_only_where_the_act_prints_them() -> None:
    register = SourceFiles("policy_register")
    codes = policy_evidence.policy_hs(register, policy_register.policy_events(register))
    lists = policy_evidence.control_lists(SourceFiles("control_lists"))
    for act, announcement in (("CN-2025-04-04-mofcom-18", "18 of 2025"), ("CN-2023-graphite", "39 of 2023")):
        said = codes[codes["event_id"] == act]
        printed = set(lists.loc[lists["announcement"] == announcement, "hs6"].dropna().str.split(";").explode())
        assert set(said.loc[said["basis"] == "printed", "hs6"]) <= printed
    magnets = codes[(codes["event_id"] == "CN-2025-04-04-mofcom-18") & (codes["hs6"] == "850511")]
    assert magnets[["basis", "scope_share"]].to_numpy().tolist() == [["assigned", "part"]]


def test_the_register_counts_as_its_readme_does() -> None:
    """24 November 2026: 618 acts, 1,026 texts, 107 on an official text or copy, 67 of 411 codes printed. Since then 26 acts."""
    register = SourceFiles("policy_register")
    events = policy_register.policy_events(register)
    texts = policy_evidence.policy_sources(register, documents.documents(SourceFiles("documents")), events)
    assert texts["event_id"].nunique() == 644
    assert len(texts) == 1152
    # Official pages and copies of them are counted separately; 198 acts, of which 13 of the new ones.
    assert events["best_source"].value_counts()[["official", "official_copy"]].tolist() == [120, 78]
    assert texts["extent"].value_counts().to_dict() == {"partial": 73, "whole": 16, "address_only": 6}
    codes = policy_evidence.policy_hs(register, events)
    assert codes["basis"].value_counts().to_dict() == {"assigned": 344, "printed": 67}
    assert codes["event_id"].nunique() == 107
    coded = policy_evidence.policy_codes(register, events)
    assert len(coded.query("coder != 'final'")) == 10744  # What the coders wrote stays; corrections are in the settled codes.
    once = coded.query("field == 'note' and value.str.startswith('coded once')")
    assert set(once["event_id"]) == set(events["event_id"]) - set(coded.query("coder == '1'")["event_id"])
    assert len(once) == 26
    assert coded.loc[coded["merged_into"].notna(), "event_id"].nunique() == 11


def test_an_act_no_coder_coded_apart_says_so(source: Write) -> None:
    files = files_of("policy_codes")
    for name in ("codes_coder_1.csv", "codes_coder_2.csv"):
        rows = str(files[name]).splitlines(keepends=True)
        files[name] = "".join(row for row in rows if not row.startswith("quota,"))
    with pytest.raises(SourceError, match=r"row 3, column note: '' of act quota does not begin with 'coded once'"):
        made("policy_codes", source, files)
    files["codes_final.csv"] = str(files["codes_final.csv"]).replace(
        "expired,ree,global,", "expired,ree,global,coded once: a reason"
    )
    codes = made("policy_codes", source, files)
    assert set(codes.loc[codes["event_id"] == "quota", "coder"]) == {"final"}


def test_two_thirds_of_the_acts_in_the_stock_curves_rest_on_official_texts() -> None:
    """Of high confidence, with a weight, at some time in force: 29 % before the third reading; a half of those on copies."""
    register = SourceFiles("policy_register")
    events, lines = policy_register.policy_events(register), policy_register.policy_status(register)
    weights = policy_evidence.instrument_weights(register).set_index("instrument")["weight"]
    held = policy_in_force.measures_in_force(events, lines, policy_in_force.AS_OF[-1])["event_id"]
    weighed = ~policy_in_force.words_only(events) & (events["instrument"].map(weights) > 0)
    acts = events[events["event_id"].isin(held) & weighed & (events["confidence"] == "high")]
    assert 0.6 < acts["best_source"].isin(policy_in_force.OFFICIAL).mean() < 0.7
    assert 0.25 < (acts["best_source"] == "official").mean() < 0.35
    assert events["best_source"].isin(policy_in_force.OFFICIAL).sum() >= 185


RUBRIC = "instrument,weight,why,acts\n" + "".join(f"{name},2,a reason,1\n" for name in INSTRUMENTS)


def test_every_instrument_has_its_weight(source: Write) -> None:
    rows = policy_evidence.instrument_weights(source("policy_register", **{"rubric.csv": RUBRIC}))
    assert contract.check(catalog.table("instrument_weights"), rows).rows["weight"].eq(2).all()


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("tariff,2,a reason,1\n", "", r"rubric\.csv has no row for tariff"),
        ("tariff,2", "tarif,2", r"rubric\.csv, row \d+, column instrument: 'tarif'"),
        ("tariff,2", "tax,2", "occurs twice"),
        ("tariff,2", "tariff,", r"column weight: '' is empty"),
        ("tariff,2", "tariff,two", "is not a plain number"),
    ],
)
def test_a_rubric_that_would_leave_an_instrument_unweighed_is_refused(
    source: Write, before: str, after: str, message: str
) -> None:
    with pytest.raises(SourceError, match=message):
        policy_evidence.instrument_weights(source("policy_register", **{"rubric.csv": RUBRIC.replace(before, after)}))
