"""Eurostat's Comext: monthly trade of the member states by eight-digit code (CN8), for magnet_lines_quoted. Not tried live."""

import io
from pathlib import Path

import pandas as pd
import requests

from pipeline.intake import fetched, web
from pipeline.intake.web import FetchError

SOURCE, FILE = "magnet_lines_quoted", "eu_uk_2026.csv"
HOST = "https://ec.europa.eu"
DATA = "/eurostat/api/comext/dissemination/sdmx/2.1/data/DS-045409/"
CODES = ("85051110",)
FLOWS = {"1": "import", "2": "export"}
# Indicator → measure of the file, and how many of its own make one of theirs.
QUANTITY, HUNDRED_KG = "QUANTITY_IN_100KG", 10
COLUMNS = ["reporter", "partner", "product", "flow", "indicators", "TIME_PERIOD", "OBS_VALUE"]
# Partners that are sums or no country: the world, groups, stores and secret places.
NO_COUNTRY = r"WORLD|EU\d*.*|EA\d*.*|EXT_.*|INT_.*|Q[A-Z]|XX"
KEYS = ["period_start", "period_end", "partner", "measure"]
# The file has the trade with one partner alone.
PARTNER = "GB"


def newest(asked: requests.Session, host: str = HOST) -> str:
    """The newest month (2026-08) with an import of magnets by Germany."""
    asking = {"format": "SDMX-CSV", "startPeriod": f"{pd.Timestamp.now().year - 1}-01"}
    content = web.get_csv(asked, f"{host}{DATA}M.DE.{PARTNER}.{'+'.join(CODES)}.1.{QUANTITY}", asking, COLUMNS)
    months = pd.read_csv(io.BytesIO(content), dtype=str)["TIME_PERIOD"]
    if months.empty:
        raise FetchError("Eurostat lists no month of this year or the last", "look at its site: the data set may have moved")
    return str(months.max())


def fetch(edition: str, asked: requests.Session | None = None, host: str = HOST) -> list[Path]:
    """The answer for a month (2026-08) and the next file with its rows. Raises FetchError."""
    asked = asked or web.session()
    key = f"M..{PARTNER}.{'+'.join(CODES)}.{'+'.join(FLOWS)}.{QUANTITY}"
    # Without both ends of the period it refuses the extraction as too large.
    asking = {"format": "SDMX-CSV", "startPeriod": edition, "endPeriod": edition}
    content = web.get_csv(asked, f"{host}{DATA}{key}", asking, COLUMNS)
    table = rows(content, edition)
    kept = fetched.keep(SOURCE, edition, {f"comext_{'_'.join(CODES)}.csv": content})
    return [*kept, fetched.put_down(SOURCE, edition, FILE, table, KEYS)]


def rows(content: bytes, month: str) -> pd.DataFrame:
    """Columns of the file, tonnes; sums of countries and cells without a figure are left out."""
    table = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    other = [m for m in table["TIME_PERIOD"].unique() if m != month]
    if other or not table["flow"].isin(list(FLOWS)).all() or (table["indicators"] != QUANTITY).any():
        raise FetchError(f"Eurostat sends other months, flows or indicators than asked for {month}", "compare the key's order")
    countries = ~table["partner"].str.fullmatch(NO_COUNTRY) & ~table["reporter"].str.fullmatch(NO_COUNTRY)
    table = table[countries & (table["OBS_VALUE"] != "")].reset_index(drop=True)
    tonnes = table["OBS_VALUE"].astype("float64") / HUNDRED_KG
    # Publishers' names of Greece and Northern Ireland in Comext are ISO's but for these.
    codes = table[["reporter", "partner"]].replace({"EL": "GR", "XI": "GB"})
    return pd.DataFrame(
        {
            "period_start": month,
            "period_end": month,
            "reporter": fetched.iso3("Eurostat", codes["reporter"], "ISO2"),
            "partner": fetched.iso3("Eurostat", codes["partner"], "ISO2"),
            "product": "rare_earth_magnets",
            "hs_code": table["product"],
            "flow": table["flow"].map(FLOWS),
            "measure": "tonnes",
            "value": tonnes.round(3).map("{:.3f}".format).astype("str").str.rstrip("0").str.rstrip("."),
            "document_id": fetched.document_id(SOURCE, month),
            "note": "",
        }
    )
