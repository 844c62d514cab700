"""Output of separation and of magnets by country and calendar year, as far as it is on record."""

from collections import deque

import pandas as pd

# What counts as a country's whole output of a stage; a part of it (NdPr alone) is a floor, taken where the whole is not printed.
WHOLE = {"compounds": ("separation", ("rare_earths",)), "magnets": ("magnet", ("rare_earth_magnets", "NdFeB"))}
PARTS = {"compounds": ("NdPr",), "magnets": ()}
COLUMNS = ["year", "group", "country", "amount", "basis", "document_id"]
# Of several figures for a year the first of these is taken, then the first by document.
ORDER = ("output", "estimate", "cap")


def stage_output(quotas: pd.DataFrame, china_output: pd.DataFrame, processing: pd.DataFrame) -> pd.DataFrame:
    """Output by year, group and country in tonnes (REO for compounds, gross for magnets), one row where it is on record.

    China's is what is printed as produced, else an estimate (magnets only), else the year's whole quota of separation, a cap.
    Others' are sums over the companies that print a calendar year, or periods that make one (`calendar_years`); a company that
    prints a part of its products alone counts with that part, a floor. Nothing is filled in.
    """
    found = pd.concat([_quotas(quotas), _separated(china_output), _country_prints(processing), _companies(processing)])
    found["rank"] = found["basis"].map({basis: n for n, basis in enumerate(ORDER)})
    ordered = found.sort_values(["year", "group", "country", "rank", "document_id"], kind="stable")
    best = ordered.drop_duplicates(["year", "group", "country"])
    return best.astype({"year": "int64", "amount": "float64"})[COLUMNS].reset_index(drop=True)


def _quotas(quotas: pd.DataFrame) -> pd.DataFrame:
    wanted = quotas.query("stage == 'separation' and batch == 'full_year' and kind == 'total' and group == 'all' and preferred")
    return wanted.dropna(subset=["amount"]).assign(group="compounds", country="CHN", basis="cap")[COLUMNS]


def _separated(china_output: pd.DataFrame) -> pd.DataFrame:
    wanted = china_output.query("measure == 'china_output_separated_products' and unit == 't' and basis == 'REO'")
    wanted = wanted.dropna(subset=["year", "value"]).rename(columns={"value": "amount"})
    return wanted.assign(group="compounds", country="CHN", basis="output")[COLUMNS]


def _printed(processing: pd.DataFrame) -> pd.DataFrame:
    """Output in tonnes, as printed, of the past or estimated; what a text's date stands in for is left out."""
    months = processing["period_start"].str.len().ge(7) & processing["period_end"].str.len().ge(7)
    return processing[months & (processing["unit"] == "t") & (processing["dated_by"] == "period")]


def _country_prints(processing: pd.DataFrame) -> pd.DataFrame:
    """China's output of a whole calendar year; only magnets are taken from estimates, for separation has its cap."""
    tables = []
    printed = _printed(processing)
    printed = printed[(printed["country"] == "CHN") & (printed["company"] == "all")]
    start, end = printed["period_start"].str[:7], printed["period_end"].str[:7]
    year = start.str[:4]
    whole = printed[(start == year + "-01") & (end == year + "-12")]
    for group, (stage, materials) in WHOLE.items():
        kinds = ["actual", "estimate"] if group == "magnets" else ["actual"]
        rows = whole[(whole["stage"] == stage) & whole["material"].isin(materials) & whole["kind"].isin(kinds)]
        basis = rows["kind"].map({"actual": "output", "estimate": "estimate"})
        years = rows["period_start"].str[:4].astype("int64")
        tables.append(rows.assign(year=years, group=group, amount=rows["value"], basis=basis)[COLUMNS])
    return pd.concat(tables)


def _companies(processing: pd.DataFrame) -> pd.DataFrame:
    rows: list[tuple[object, ...]] = []
    for group, (stage, materials) in WHOLE.items():
        printed = _printed(processing)
        printed = printed[(printed["stage"] == stage) & (printed["kind"] == "actual") & (printed["company"] != "all")]
        for (country, _company, _site), of_company in printed.groupby(["country", "company", "site"]):
            years: dict[int, tuple[float, str]] = {}
            # The whole comes last, so that it stands where both are printed.
            for material in (*PARTS[group], *materials):
                years |= calendar_years(of_company[of_company["material"] == material])
            rows.extend((year, group, country, amount, "output", document) for year, (amount, document) in years.items())
    table = pd.DataFrame(rows, columns=COLUMNS)
    totals = table.groupby(["year", "group", "country", "basis"], as_index=False)
    return totals.agg(amount=("amount", "sum"), document_id=("document_id", "min"))[COLUMNS]


def calendar_years(printed: pd.DataFrame) -> dict[int, tuple[float, str]]:
    """Amounts of calendar years that printed periods determine, as {year: (amount, first document)}.

    From one January to the next along printed periods, forwards adding and backwards taking off, by as few as will do:
    a fiscal year less three of its quarters gives the fourth. A year that no such way makes is not given.
    """
    ways: dict[int, list[tuple[int, float, str]]] = {}
    for row in printed.sort_values(["period_start", "period_end", "document_id"], kind="stable").itertuples():
        start, end = _months(str(row.period_start)), _months(str(row.period_end)) + 1
        ways.setdefault(start, []).append((end, float(str(row.value)), str(row.document_id)))
        ways.setdefault(end, []).append((start, -float(str(row.value)), str(row.document_id)))
    januaries = sorted(month for month in ways if month % 12 == 0 and month + 12 in ways)
    found = {month // 12: _fewest(ways, month, month + 12) for month in januaries}
    return {year: reached for year, reached in found.items() if reached is not None}


def _fewest(ways: dict[int, list[tuple[int, float, str]]], start: int, goal: int) -> tuple[float, str] | None:
    waiting = deque([(start, 0.0, "")])
    seen = {start}
    while waiting:
        at, amount, document = waiting.popleft()
        if at == goal:
            return amount, document
        for end, value, source in ways[at]:
            if end not in seen:
                seen.add(end)
                waiting.append((end, amount + value, document or source))
    return None


def _months(period: str) -> int:
    return int(period[:4]) * 12 + int(period[5:7]) - 1
