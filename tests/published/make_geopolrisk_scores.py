"""Makes geopolrisk_scores.csv: scores as the published library itself computes them, on its own packaged data.

The library caps Python and pandas, so it stays out of this project: run this once, in an environment of its own (about four
minutes on one core), and commit what it writes.

    python3.11 -m venv elsewhere
    elsewhere/bin/pip install geopolrisk-py==2.0.1
    elsewhere/bin/python tests/published/make_geopolrisk_scores.py tests/published/geopolrisk_scores.csv

It calls the library's functions in the order of its own gprs_calc, which writes an Excel file and a database besides. A few
scores are compared with gprs_calc at the end. The library writes logs to ~/Documents/geopolrisk.

The sample is stratified: every material with HS codes in every year 2018–2024; in each the EU, two of the ten largest importers,
and six others drawn by a fixed seed; besides, importers that bought something without a quantity, whoever bought from French
Polynesia in 2018 (whose governance cell holds no number), and country number 328 in gold.
A score that is not a number is written as an empty cell.
"""

import csv
import random
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import geopolrisk
from geopolrisk.assessment.core import HHI, GeoPolRisk
from geopolrisk.assessment.database import databases
from geopolrisk.assessment.main import gprs_calc
from geopolrisk.assessment.utils import Mapping, aggregateTrade, cvtcountry, mapped_baci, regions

YEARS = range(2018, 2025)
LARGEST, OF_LARGEST, OTHERS, WITHOUT_QUANTITY = 10, 2, 6, 200
COLUMNS = [
    "year",
    "importer",
    "material",
    "production_hhi",
    "import_risk",
    "geopolrisk_score",
    "price",
    "characterization_factor",
]
FRENCH_POLYNESIA, GUIANAS = "258", 328


def flows() -> list[tuple[int, int, str, int, str | None, str]]:
    """Year, importer, exporter, code, tonnes and value as packaged."""
    file = Path(geopolrisk.__file__).parent / "lib" / "baci.db"
    with closing(sqlite3.connect(file)) as database:
        return database.execute("select cast(t as int), cast(j as int), i, k, q, v from baci_trade where t >= '2018'").fetchall()


def sample(codes: dict[str, list[int]], numbers: list[int]) -> list[tuple[int, int | str, str]]:
    """Year, importer's number or "EU", material."""
    draw = random.Random(12)
    trade: dict[tuple[int, int], list[tuple[int, float, str, str | None]]] = {}
    for year, importer, exporter, code, tonnes, value in flows():
        trade.setdefault((year, code), []).append((importer, float(value), exporter, tonnes))
    chosen: set[tuple[int, int | str, str]] = set()
    without: set[tuple[int, int | str, str]] = set()
    odd: set[tuple[int, int | str, str]] = set()
    for material in sorted(codes):
        for year in YEARS:
            bought: dict[int, float] = {}
            for code in codes[material]:
                for importer, value, exporter, tonnes in trade.get((year, code), []):
                    bought[importer] = bought.get(importer, 0.0) + value
                    if tonnes is None or tonnes.strip() in ("", "NA"):
                        without.add((year, importer, material))
                    if (exporter, year) == (FRENCH_POLYNESIA, 2018):
                        odd.add((year, importer, material))
            largest = sorted(bought, key=lambda importer: (-bought[importer], importer))[:LARGEST]
            some = draw.sample(largest, min(OF_LARGEST, len(largest)))
            others = [number for number in numbers if number not in some]
            chosen |= {(year, importer, material) for importer in ["EU", *some, *draw.sample(others, OTHERS)]}
    chosen |= set(draw.sample(sorted(without, key=str), min(WITHOUT_QUANTITY, len(without))))
    chosen |= odd | {(year, GUIANAS, "Gold") for year in YEARS}
    return sorted(chosen, key=str)


def score(year: int, importer: int | str, material: str, trade) -> dict[str, object]:
    members = databases.regionslist[cvtcountry(importer, type="Name")]
    numerator, tonnes, price = aggregateTrade(year, members, material, data=trade)
    own = 0.0
    for member in members:
        produced, hhi = HHI(material, year, cvtcountry(member, type="Name"))
        own += produced
    total, factor, risk = GeoPolRisk(numerator, tonnes, price, own, hhi)
    found = dict(zip(COLUMNS, (year, importer, material, hhi, risk, total, price, factor), strict=True))
    return {name: "" if value != value else value for name, value in found.items()}


def main(target: Path) -> None:
    regions()
    numbers = sorted(int(number) for number in databases.production["Country_ISO"]["ISO"])
    trade = mapped_baci()
    rows = [score(*asked, trade) for asked in sample(Mapping(), numbers)]
    with target.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({k: repr(float(v)) if isinstance(v, float) else v for k, v in row.items()} for row in rows)
    asked = rows[:: len(rows) // 3][:3]
    for row in asked:
        theirs = gprs_calc([row["year"]], [row["importer"]], [row["material"]]).iloc[0]
        assert row["geopolrisk_score"] in ("", theirs["GeoPolRisk Score"]), (row, theirs)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
