"""What each publisher answers to its client: small whole answers in the publisher's shape, and the rows that are equal to them.

The rows are those the observatory has by package or transcription, but for the document they name.
"""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from typing import Any, NamedTuple

from tests.publishers import Answer


def json_of(content: Any) -> Answer:
    return 200, {"Content-Type": "application/json"}, json.dumps(content).encode()


def text(content: str, kind: str = "text/csv", encoding: str = "utf-8") -> Answer:
    return 200, {"Content-Type": kind}, content.encode(encoding)


class Case(NamedTuple):
    """An edition, its answers by address, the file that a parser reads and its rows as the transcribed file has them.

    Answers too: with a column of another name, with revised figures, of an edition without rows. `tables` are made from the file.
    """

    edition: str
    answers: Mapping[str, Any]
    file: str
    columns: str
    rows: str
    renamed: Mapping[str, Any]
    revised: Mapping[str, Any]
    empty: Mapping[str, Any]
    tables: tuple[str, ...]


MCS = """MCS chapter,Section,Commodity,Country,Statistics,Statistics_detail,Unit,Year,Value,Notes,Is critical
RARE EARTHS,Salient Statistics—United States,REO,United States,Imports,Compounds,metric tons,2024,"7,100",Reported.,Yes
RARE EARTHS,World Mine Production and Reserves,REO,United States,Production,Mine,metric tons,2024,"45,500",Reported.,Yes
RARE EARTHS,World Mine Production and Reserves,REO,Malaysia,Production,Mine production,metric tons,2024,140,Estimated.,Yes
RARE EARTHS,World Mine Production and Reserves,REO,Canada,Production,Mine production,metric tons,2024,—,,Yes
RARE EARTHS,World Mine Production and Reserves,REO,Burma,Reserves,Reserves,metric tons,2025,NA,See Appendix C for resource and \
reserve definitions and information concerning data sources.,Yes
RARE EARTHS,World Mine Production and Reserves,REO,World total,Reserves,Reserves: rounded,metric tons,2025,">85,000,000",,Yes
"""
MCS_ROWS = """2026,United States,mine_production,2024,45500,,metric tons REO,{document},Reported.
2026,Malaysia,mine_production,2024,140,e,metric tons REO,{document},Estimated.
2026,Canada,mine_production,2024,0,-,metric tons REO,{document},
2026,Burma,reserves,,,NA,metric tons REO,{document},
2026,World total,reserves,,85000000,>,metric tons REO,{document},
"""
RELEASES: dict[str, Any] = {
    "items": [
        {"id": "a26", "title": "U.S. Geological Survey Mineral Commodity Summaries 2026 Data Release"},
        {"id": "a25", "title": "U.S. Geological Survey Mineral Commodity Summaries 2025 Data Release (ver. 2.0)"},
    ]
}


def mcs(content: str) -> dict[str, Any]:
    checksum = {"type": "MD5", "value": hashlib.md5(content.encode("cp1252")).hexdigest()}
    listed = {"id": "a26", "files": [{"name": "MCS2026_Commodities_Data.csv", "checksum": checksum}, {"name": "metadata.xml"}]}
    return {
        "/catalog/items": json_of(RELEASES),
        "/catalog/item/a26": json_of(listed),
        "/catalog/file/get/a26": text(content, encoding="cp1252"),
    }


def bank(indicator: str, values: list[tuple[str, str, float | None]]) -> Answer:
    about = {"page": 1, "pages": 1, "per_page": 20000, "total": len(values), "sourceid": "3", "lastupdated": "2025-11-05"}
    rows = [{"indicator": {"id": indicator}, "countryiso3code": c, "date": y, "value": v, "unit": ""} for c, y, v in values]
    return json_of([about, rows or None])


def wgi(
    *values: tuple[str, str, float | None], errors: float | list[float] = 0.25, sources: int | list[int] = 8
) -> dict[str, Any]:
    def beside(given: Any) -> list[tuple[str, str, float | None]]:
        each = given if isinstance(given, list) else [given] * len(values)
        return [(c, y, v if v is None else other) for (c, y, v), other in zip(values, each, strict=True)]

    of = {"EST": list(values), "STD.ERR": beside(errors), "NO.SRC": beside(sources)}
    found = {f"/v2/country/all/indicator/GOV_WGI_PV.{name}": bank(f"GOV_WGI_PV.{name}", some) for name, some in of.items()}
    source = {"id": "3", "name": "Worldwide Governance Indicators", "lastupdated": "2025-11-05"}
    return found | {"/v2/sources/3": json_of({"page": "1", "pages": "1", "total": "1", "source": [source]})}


COMEXT = """DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE
ESTAT:DS-045409(1.0),15/09/26 11:00:00,M,AT,GB,85051110,2,QUANTITY_IN_100KG,2026-05,0.04
ESTAT:DS-045409(1.0),15/09/26 11:00:00,M,BE,GB,85051110,1,QUANTITY_IN_100KG,2026-05,0.30
ESTAT:DS-045409(1.0),15/09/26 11:00:00,M,EL,GB,85051110,1,QUANTITY_IN_100KG,2026-05,
ESTAT:DS-045409(1.0),15/09/26 11:00:00,M,EU27_2020,GB,85051110,1,QUANTITY_IN_100KG,2026-05,0.34
"""
CENSUS_HEAD = ["I_COMMODITY", "CTY_CODE", "CTY_NAME", "SUMMARY_LVL", "GEN_VAL_MO", "I_COMMODITY", "COMM_LVL", "time"]


def census(value: str = "5174390", name: str = "GEN_VAL_MO") -> dict[str, Any]:
    def imports(query: Mapping[str, str]) -> Answer:
        code, level = query.get("I_COMMODITY", ""), query.get("COMM_LVL", "")
        if code not in ("283691", "850511"):
            return 204, {}, b""
        partners = [("3570", "ARGENTINA", "DET", value), ("-", "TOTAL FOR ALL COUNTRIES", "DET", value)]
        partners += [("0009", "LATIN AMERICAN REPUBLICS", "CGP", value), ("5700", "CHINA", "DET", "0")]
        head = [name if column == "GEN_VAL_MO" else column for column in CENSUS_HEAD]
        return json_of([head, *([code, c, n, s, v, code, level, "2026-06"] for c, n, s, v in partners)])

    def exports(query: Mapping[str, str]) -> Answer:
        head = ["E_COMMODITY", "CTY_CODE", "CTY_NAME", "SUMMARY_LVL", "ALL_VAL_MO", "E_COMMODITY", "COMM_LVL", "time"]
        return json_of([head, ["850511", "3570", "ARGENTINA", "DET", "4911", "850511", "HS6", "2026-06"]])

    return {"/data/timeseries/intltrade/imports/hs": imports, "/data/timeseries/intltrade/exports/hs": exports}


def dataweb(value: str = "5,174,390", name: str = "Country") -> dict[str, Any]:
    def report(query: Mapping[str, str]) -> Answer:
        asked = json.loads(query["body"])
        lines, trade = asked["searchOptions"]["commodities"]["commodities"], asked["reportOptions"]["tradeType"]
        of = {("283691", "GenImp"): value, ("850511", "GenImp"): value, ("850511", "TotExp"): "4,911"}
        # Figures to June alone: where there is no trade or no month yet is a zero, and a total has no line.
        cells = [[code, "Argentina", "A line", "2026", "7", of.get((code, trade), "0"), "0"] for code in lines]
        cells += [[code, "China", "A line", "2026", "7", "0", "0"] for code in lines]
        cells += [["Total:", "", "", "", "14", value, "0"]]
        labels = ["HTS Number", name, "Description", "Year", "May", "June", "July"]
        rows = [{"rowEntries": [{"value": cell} for cell in row]} for row in cells]
        table = {"column_groups": [{"columns": [{"label": label} for label in labels]}], "row_groups": [{"rowsNew": rows}]}
        return json_of({"dto": {"tables": [table], "errors": []}})

    return {"/dataweb/api/v2/report2/runReport": report}


def bgs(amount: float = 240000.0, unit: str = "Tonnes (metric)", name: str = "quantity") -> dict[str, Any]:
    def feature(form: str | None, country: str, quantity: float | None, notes: str | None) -> dict[str, Any]:
        said = {"bgs_sub_commodity_trans": form, "country_trans": country, "year": "2023-01-01T00:00:00Z", name: quantity}
        said |= {"units": unit, "bgs_statistic_type_trans": "Production", "concat_table_notes_text": notes}
        return {"type": "Feature", "geometry": None, "properties": said}

    of = {
        "rare earth oxides": [feature(None, "China", amount, None), feature(None, "Burundi", None, None)],
        "rare earth minerals": [feature("Monazite", "India", 5000.5, "Estimates."), feature(None, "Malaysia", 80.0, None)],
    }

    def items(query: Mapping[str, str]) -> Answer:
        features, start = of[query["bgs_commodity_trans"]], int(query["offset"])
        # One feature a page, whatever the limit asked for.
        page = features[start : start + 1]
        return json_of(
            {"type": "FeatureCollection", "features": page, "numberMatched": len(features), "numberReturned": len(page)}
        )

    return {"/collections/world-mineral-statistics/items": items}


BGS_ROWS = """2023,India,119,Monazite,5000.5,normal value,Estimates.,{document}
2023,Malaysia,119,not stated,80,normal value,,{document}
2023,China,736,oxides,240000,normal value,,{document}
2023,Burundi,736,oxides,,missing,,{document}
"""


def customs(quantity: str = "4,343.5", good: str = "Rare earths") -> dict[str, Any]:
    def page(number: int, title: str, amount: str) -> Answer:
        rows = [("Commodity", "Unit", "Quantity", "Value", "Quantity", "Value"), ("Tea", "ton", "30,000", "1", "2", "3")]
        rows += [(good, "ton", amount, "55,000", "50,000", "400,000")]
        cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
        return text(
            f"<html><title>({number}) Major {title} Commodities, Oct. 2026</title><table>{cells}</table></html>", "text/html"
        )

    index = "<select id='monthlysel'><option>2026</option><option>2025</option></select><table>" + "".join(
        f"<tr><td>({number}) Major Commodities</td><td><a href=/Statics/{number}-9.html>Sep.</a>"
        f"<a href=/Statics/{number}.html>Oct.</a></td></tr>"
        for number in (1, 13, 14)
    )
    listed = text(index + "</table>", "text/html")
    return {
        "/statics/report/monthly.html": listed,
        "/statics/report/monthly2026.html": listed,
        "/Statics/13.html": page(13, "Export", quantity),
        "/Statics/14.html": page(14, "Import", "11,000"),
    }


def report(reporter: int, partner: int, code: str, flow: str, value: float, **other: Any) -> dict[str, Any]:
    """A row as UN Comtrade sends it; most of its 47 fields are not read."""
    read = {"reporterCode": reporter, "partnerCode": partner, "cmdCode": code, "flowCode": flow, "primaryValue": value}
    totals = {"motCode": 0, "customsCode": "C00", "partner2Code": 0, "mosCode": "0"}
    return {"typeCode": "C", "refYear": 2025, "netWgt": 0.0, **read, **totals, **other}


def envelope(rows: list[dict[str, Any]], **other: Any) -> Answer:
    return json_of({"elapsedTime": "0.12 secs", "count": len(rows), "data": rows, "error": "", **other})


def comtrade(frequency: str, periods: list[str], reports: list[dict[str, Any]]) -> dict[str, Any]:
    """Reports by the code, flow and reporter asked for, and the list of what China has reported."""

    def answer(query: Mapping[str, str]) -> Answer:
        codes, flows, who = query["cmdCode"].split(","), query["flowCode"].split(","), query.get("reporterCode")
        asked = [r for r in reports if r["cmdCode"] in codes and r["flowCode"] in flows]
        return envelope([r for r in asked if who in (None, str(r["reporterCode"]))])

    listed = [{"reporterCode": 156, "period": int(period)} for period in periods]
    return {f"/data/v1/get/C/{frequency}/HS": answer, f"/public/v1/getDa/C/{frequency}/HS": json_of({"data": listed})}


REPORTS = [
    report(156, 842, "850511", "X", 200000.0, netWgt=8000.5),
    report(842, 156, "850511", "M", 240000.0),
    report(842, 0, "850511", "M", 240000.0),
    report(156, 842, "280429", "X", 5000.0),
]
REPORTS_ROWS = (
    "156,842,280429,X,5000.0,\n156,842,850511,X,200000.0,8000.5\n842,0,850511,M,240000.0,\n842,156,850511,M,240000.0,\n"
)
# With Taiwan, the world and places not stated; a mass of 0 is none.
MONTH = [
    report(156, 842, "850511", "X", 238.09, netWgt=0.11),
    report(156, 0, "850511", "X", 238.09, netWgt=0.11),
    report(156, 899, "850511", "X", 5.0, netWgt=1.0),
    report(842, 490, "850511", "M", 240000.0),
    report(156, 8, "283691", "X", 7175.79, netWgt=405.02),
    report(842, 8, "283691", "X", 1.0),
]
MONTH_ROWS = """2026-08,2026-08,CHN,ALB,lithium_carbonate,283691,export,kg,405.02,{document},,
2026-08,2026-08,CHN,ALB,lithium_carbonate,283691,export,usd,7175.79,{document},,
2026-08,2026-08,CHN,USA,permanent_magnets_metal,850511,export,kg,0.11,{document},,
2026-08,2026-08,CHN,USA,permanent_magnets_metal,850511,export,usd,238.09,{document},,
2026-08,2026-08,USA,TWN,permanent_magnets_metal,850511,import,usd,240000,{document},,
"""
BACI_HEAD = "t,i,j,k,v,q\n"
BACI_ROWS = "2024,156,842,850511,600.000,20.000\n2024,156,842,280530,100.000,\n"


def archive(**members: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for name, content in members.items():
            made.writestr(zipfile.ZipInfo(f"{name}.csv"), content)
    return packed.getvalue()


def sent(content: bytes, wanted: str | None, announced: int = 0) -> Answer:
    """A file as a server sends it, or from a byte on; `announced` bytes more than there are."""
    start = int(re.findall(r"\d+", wanted)[0]) if wanted else 0
    if start >= len(content):
        return 416, {}, b""
    headers = {"Content-Type": "application/zip", "Content-Length": str(len(content) - start + announced)}
    headers["ETag"] = f'"{hashlib.md5(content).hexdigest()}"'
    return (206 if wanted else 200), headers, content[start:]


def cepii(release: str = "V202601", revision: str = "HS92", **years: str) -> dict[str, Any]:
    members = {f"BACI_{revision}_{year}_{release}": content for year, content in years.items()}
    packed = archive(
        **members, **{f"country_codes_{release}": "country_code,country_name,country_iso2,country_iso3\n156,China,CN,CHN\n"}
    )
    return {f"/DATA_DOWNLOAD/baci/data/BACI_{revision}_{release}.zip": lambda query: sent(packed, query.get("range"))}


CENSUS_ROWS = """2026-06,2026-06,USA,ARG,permanent_magnets_metal,850511,import,usd,5174390,{document},,general imports
2026-06,2026-06,USA,ARG,permanent_magnets_metal,850511,export,usd,4911,{document},,all exports
2026-06,2026-06,USA,ARG,lithium_carbonate,283691,import,usd,5174390,{document},,general imports
"""
TRADE = "period_start,period_end,reporter,partner,product,hs_code,flow,measure,value,document_id,note\n"


def answered(answers: Mapping[str, Any], query: Mapping[str, str]) -> Answer:
    """The body at the longest address that begins the path, 404 elsewhere."""
    at = max((address for address in answers if query["path"].startswith(address)), key=len, default=None)
    found = (404, {}, b"no such page") if at is None else answers[at]
    return found(query) if callable(found) else found


def changed(answers: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    """The same answers with a text in the place of another, in every body."""

    def change(query: Mapping[str, str]) -> Answer:
        status, headers, body = answered(answers, query)
        return status, headers, body.replace(old.encode("cp1252"), new.encode("cp1252"))

    return dict.fromkeys(answers, change)


WGI = wgi(("CHN", "2024", -0.15), ("AUS", "2024", 0.79), ("TWN", "2024", None), ("", "2024", 0.0))
EUROSTAT = {"/eurostat/api/comext": text(COMEXT)}
YEAR, A_MONTH = comtrade("A", ["2024", "2025"], REPORTS), comtrade("M", ["202607", "202608"], MONTH)
CASES = {
    "bgs_world_mineral_statistics": Case(
        edition="2023",
        answers=bgs(),
        file="rare_earths.csv",
        columns="year,country_as_printed,table,form,amount,status,figure_notes,document_id\n",
        rows=BGS_ROWS,
        renamed=changed(bgs(), '"country_trans"', '"country"'),
        revised=changed(bgs(), "240000", "250000"),
        empty={"/collections/world-mineral-statistics/items": json_of({"features": [], "numberMatched": 0})},
        tables=("production",),
    ),
    "cepii_baci": Case(
        edition="V202601",
        answers=cepii(Y2024=BACI_HEAD + BACI_ROWS),
        file="BACI_HS92_Y2024_V202601.csv.gz",
        columns=BACI_HEAD,
        rows=BACI_ROWS,
        renamed=cepii(Y2024=BACI_HEAD.replace("v", "value") + BACI_ROWS),
        revised=cepii(Y2024=BACI_HEAD + BACI_ROWS.replace("600.000", "700.000")),
        empty=cepii(Y2024=BACI_HEAD),
        tables=("trade_flows",),
    ),
    "china_customs_quoted": Case(
        edition="2026-10",
        answers=customs(),
        file="monthly_exports.csv",
        columns="month,product,measure,partner,value,revised,document_id,note_id,note\n",
        rows="2026-10,rare_earths_total,tonnes,WLD,4343.5,first,{document},,\n",
        renamed=changed(customs(), "Rare earths", "Rare-earth goods"),
        revised=changed(customs(), "4,343.5", "4,400"),
        empty=customs()
        | {"/statics/report/monthly2026.html": text("<tr><td>(13) Exports</td></tr><tr><td>(14) Imports</td></tr>", "text/html")},
        tables=("trade_monthly",),
    ),
    "magnet_lines_quoted": Case(
        edition="2026-05",
        answers=EUROSTAT,
        file="eu_uk_2026.csv",
        columns=TRADE,
        rows="2026-05,2026-05,AUT,GBR,rare_earth_magnets,85051110,export,tonnes,0.004,{document},\n"
        "2026-05,2026-05,BEL,GBR,rare_earth_magnets,85051110,import,tonnes,0.03,{document},\n",
        renamed=changed(EUROSTAT, "OBS_VALUE", "VALUE"),
        revised=changed(EUROSTAT, "0.30", "0.31"),
        empty={"/eurostat/api/comext": text(COMEXT.partition("\n")[0] + "\n")},
        tables=("trade_monthly",),
    ),
    "un_comtrade_monthly": Case(
        edition="2026-08",
        answers=A_MONTH,
        file="monthly.csv.gz",
        columns=TRADE.replace(",note", ",note_id,note"),
        rows=MONTH_ROWS,
        renamed=changed(A_MONTH, '"primaryValue"', '"tradeValue"'),
        revised=changed(A_MONTH, "240000.0", "250000.0"),
        empty=dict.fromkeys(A_MONTH, envelope([])),
        tables=("trade_monthly",),
    ),
    "un_comtrade_reports": Case(
        edition="2025",
        answers=YEAR,
        file="comtrade_2025.csv.gz",
        columns="reporter,partner,cmd,flow,value,netwgt\n",
        rows=REPORTS_ROWS,
        renamed=changed(YEAR, '"primaryValue"', '"tradeValue"'),
        revised=changed(YEAR, "200000.0", "210000.0"),
        empty=dict.fromkeys(YEAR, envelope([])),
        tables=("trade_reports",),
    ),
    "us_census_monthly": Case(
        edition="2026-06",
        answers=census(),
        file="monthly.csv",
        columns=TRADE.replace(",note", ",note_id,note"),
        rows=CENSUS_ROWS,
        renamed=changed(census(), "GEN_VAL_MO", "GEN_VAL"),
        revised=changed(census(), "5174390", "5174391"),
        empty=dict.fromkeys(census(), (204, {}, b"")),
        tables=("trade_monthly",),
    ),
    "usgs_mcs": Case(
        edition="2026",
        answers=mcs(MCS),
        file="world.csv",
        columns="edition,country,measure,year,value,flag,unit,document_id,note\n",
        rows=MCS_ROWS,
        renamed=mcs(MCS.replace("Notes", "Remarks")),
        revised=mcs(MCS.replace('"45,500"', '"45,600"')),
        empty=mcs(MCS) | {"/catalog/items": json_of({"items": RELEASES["items"][1:]})},
        tables=("production", "reserves"),
    ),
    # The same flows as of the Census Bureau give the same rows.
    "usitc_dataweb": Case(
        edition="2026-06",
        answers=dataweb(),
        file="monthly.csv",
        columns=TRADE.replace(",note", ",note_id,note"),
        rows=CENSUS_ROWS,
        renamed=changed(dataweb(), '"Country"', '"Partner"'),
        revised=changed(dataweb(), "5,174,390", "5,174,391"),
        empty={"/dataweb/api/v2/report2/runReport": json_of({"dto": {"tables": [], "errors": []}})},
        tables=("trade_monthly",),
    ),
    "worldwide_governance_indicators": Case(
        edition="2025-11-05",
        answers=WGI,
        file="estimates.csv",
        columns="country,year,wgi_pv,standard_error,sources,edition\n",
        rows="AUS,2024,0.79,0.25,8,2025-11-05\nCHN,2024,-0.15,0.25,8,2025-11-05\n",
        renamed=changed(WGI, '"countryiso3code"', '"iso3"'),
        revised=changed(WGI, "-0.15", "-0.16"),
        empty=WGI | {"/v2/country/all/indicator/GOV_WGI_PV.EST": bank("GOV_WGI_PV.EST", [])},
        tables=("governance",),
    ),
}
