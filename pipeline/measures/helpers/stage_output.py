"""Output of separation and of magnets by country and calendar year, as far as it is on record."""

from collections import deque

import pandas as pd

# What counts as a country's whole output of a stage; a part (NdPr alone) is a floor, taken where the whole is not published.
WHOLE = {"compounds": ("separation", ("rare_earths",)), "rare_earth_magnets": ("magnet", ("rare_earth_magnets", "NdFeB"))}
PART_PRODUCTS = {"compounds": ("NdPr",), "rare_earth_magnets": ()}
COLUMNS = ["year", "group", "country", "amount", "basis", "document_id"]
# Of several figures for a year the first of these is taken, then the first by document.
ORDER = ("output", "estimate", "cap")


def stage_output(quotas: pd.DataFrame, china_output: pd.DataFrame, processing: pd.DataFrame) -> pd.DataFrame:
    """Output by year, group and country in tonnes (REO for compounds, gross for magnets), one row where it is on record.

    China's is what is published as produced, else an estimate (magnets only), else the year's whole quota of separation, a cap.
    Others' are sums over the companies that publish a calendar year, or periods that make one (`calendar_years`); a company that
    publishes a part of its products alone counts with that part, a floor. Nothing is filled in.
    """
    found = pd.concat([_quotas(quotas), _separated(china_output, processing), _magnets(processing), _companies(processing)])
    found["rank"] = found["basis"].map({basis: n for n, basis in enumerate(ORDER)})
    ordered = found.sort_values(["year", "group", "country", "rank", "document_id"], kind="stable")
    best = ordered.drop_duplicates(["year", "group", "country"])
    return best.astype({"year": "int64", "amount": "float64"})[COLUMNS].reset_index(drop=True)


def _quotas(quotas: pd.DataFrame) -> pd.DataFrame:
    wanted = quotas.query("stage == 'separation' and batch == 'full_year' and kind == 'total' and group == 'all' and preferred")
    return wanted.dropna(subset=["amount"]).assign(group="compounds", country="CHN", basis="cap")[COLUMNS]


def _separated(china_output: pd.DataFrame, processing: pd.DataFrame) -> pd.DataFrame:
    return china_separated(china_output, processing).assign(group="compounds", country="CHN", basis="output")[COLUMNS]


def china_separated(china_output: pd.DataFrame, processing: pd.DataFrame) -> pd.DataFrame:
    """China's output of separated rare earths, t REO, as published for calendar years: year, amount, publisher, document_id.

    One row a publication. Who needs one figure a year takes the first by document; who shows the range takes all.
    """
    texts = separated_in_texts(processing)
    texts = texts.assign(year=texts["period_start"].str[:4].astype("int64"), publisher=texts["edition"].fillna("not named"))
    columns = ["year", "value", "publisher", "document_id"]
    both = pd.concat([rows[columns] for rows in (separated_in_output(china_output), texts)])
    return both.astype({"year": "int64"}).rename(columns={"value": "amount"})


def separated_in_output(china_output: pd.DataFrame) -> pd.DataFrame:
    """The rows of china_output that are output of separated rare earths in a year, t REO."""
    wanted = china_output.query("measure == 'china_output_separated_products' and unit == 't' and basis == 'REO'")
    return wanted.dropna(subset=["year", "value"])


def separated_in_texts(processing: pd.DataFrame) -> pd.DataFrame:
    """The rows of processing that are China's whole output of separated rare earths in a calendar year, t REO."""
    return _of_china(processing, "compounds").query("kind == 'actual'")


def _magnets(processing: pd.DataFrame) -> pd.DataFrame:
    """China's output of magnets in a calendar year, estimates among it."""
    rows = _of_china(processing, "rare_earth_magnets").query("kind in ('actual', 'estimate')")
    basis = rows["kind"].map({"actual": "output", "estimate": "estimate"})
    years = rows["period_start"].str[:4].astype("int64")
    return rows.assign(year=years, group="rare_earth_magnets", amount=rows["value"], basis=basis)[COLUMNS]


def _of_china(processing: pd.DataFrame, group: str) -> pd.DataFrame:
    """What texts give as China's whole output of a group in a calendar year."""
    stage, materials = WHOLE[group]
    rows = _published(processing)
    rows = rows[(rows["country"] == "CHN") & (rows["company"] == "all") & (rows["stage"] == stage)]
    year = rows["period_start"].str[:4]
    calendar = (rows["period_start"].str[:7] == year + "-01") & (rows["period_end"].str[:7] == year + "-12")
    return rows[calendar & rows["material"].isin(materials)]


def _published(processing: pd.DataFrame) -> pd.DataFrame:
    """Output in tonnes, as published, of months the text names; what the text's own date stands in for is left out."""
    months = processing["period_start"].str.len().ge(7) & processing["period_end"].str.len().ge(7)
    return processing[months & (processing["unit"] == "t") & (processing["dated_by"] == "period")]


def _companies(processing: pd.DataFrame) -> pd.DataFrame:
    rows: list[tuple[object, ...]] = []
    for group, (stage, materials) in WHOLE.items():
        published = _published(processing)
        published = published[(published["stage"] == stage) & (published["kind"] == "actual") & (published["company"] != "all")]
        for (country, _company, _site), of_company in published.groupby(["country", "company", "site"]):
            years: dict[int, tuple[float, str]] = {}
            # The whole comes last, so that it stands where both are published.
            for material in (*PART_PRODUCTS[group], *materials):
                years |= calendar_years(of_company[of_company["material"] == material])
            rows.extend((year, group, country, amount, "output", document) for year, (amount, document) in years.items())
    table = pd.DataFrame(rows, columns=COLUMNS)
    totals = table.groupby(["year", "group", "country", "basis"], as_index=False)
    return totals.agg(amount=("amount", "sum"), document_id=("document_id", "min"))[COLUMNS]


def calendar_years(published: pd.DataFrame) -> dict[int, tuple[float, str]]:
    """Amounts of calendar years that published periods determine, as {year: (amount, first document)}.

    From one January to the next along published periods, adding forwards and subtracting backwards, by as few as will do:
    a fiscal year less three of its quarters gives the fourth. A year that no such way makes is not given.
    """
    ways: dict[int, list[tuple[int, float, str]]] = {}
    for row in published.sort_values(["period_start", "period_end", "document_id"], kind="stable").itertuples():
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
