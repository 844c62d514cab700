"""A synthetic table in trade_flows' columns and BACI's shape, of any size; it says nothing about trade.

30 years, 226 countries, and as many codes as the rows need: 5,000 codes to 250 million rows. The skew follows that of the extract
of 75 codes, in its form and not its values: ranks of exporters and importers fall off as a stretched exponential, the codes are
of log-normal size, values and unit values spread as widely with a few far off, 7 % of the flows have no quantity, and there are
twice as many flows in the last year as in the first.
"""

import sys
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet

YEARS = range(1995, 2025)
COUNTRIES = 226
# Codes and rows of the whole of BACI.
CODES, ROWS = 5_000, 250_000_000
CHINA = 2
# Flows drawn twice are dropped: so many draws leave about the number asked for.
DRAWS = 1.55
# The table's files in its folder, one a year.
FILES = "[0-9]*.parquet"
# Growth over the years, its mean 1.
FIRST, LAST = 0.65, 1.35
YEAR = """
copy (
    with code as (
        select c, exp(0.75 * normal(hash(c, 'size')) - 0.28) size, exp(2.5 * normal(hash(c, 'price'))) usd_per_kg,
            (hash(c, 'order') % 8)::int shift
        from range({codes}) t(c)
    ), draw as (
        select c, unnest(range((size * {draws})::bigint)) from code
    ), flow as (
        select distinct c, floor(17 * pow(-ln(1 - random()), 1.25))::int % {countries} x,
            floor(32 * pow(-ln(1 - random()), 1.1))::int % {countries} m
        from draw
    ), valued as (
        select (x + shift) % {countries} x, (m + shift * 2) % {countries} m, c, usd_per_kg, random() gap,
            exp(5.5 - 0.03 * x - 0.02 * m + 3.3 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) v,
            exp(if(random() < 0.05, 4, 0.9) * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) u
        from flow join code using (c)
    )
    select {year}::bigint as year, iso3(x) exporter, iso3(m) importer, lpad((c * 199 % 1000000)::varchar, 6, '0') hs6,
        'cepii_baci' source_id, greatest(round(v, 3), 0.001) value_kusd,
        case when gap > 0.07 then greatest(round(v / (u * usd_per_kg), 3), 0.001) end quantity_t,
        'HS92' nomenclature, 'whole' coverage
    from valued where x <> m order by exporter, importer, hs6
) to '{file}' (format parquet, compression zstd)
"""


def iso3(country: int) -> str:
    """A made-up code of three letters; one country is China."""
    return "CHN" if country == CHINA else "A" + chr(65 + country // 26) + chr(65 + country % 26)


def countries() -> pd.DataFrame:
    """The columns of `countries` that measures over trade read; every eighth country is a member of the Union."""
    known = range(COUNTRIES)
    return pd.DataFrame({"iso3": [iso3(c) for c in known], "eu27": [c % 8 == 0 and c // 8 < 27 for c in known]})


def codes_of(folder: Path) -> list[str]:
    """The codes of a table that was written."""
    found = duckdb.sql(f"select distinct hs6 from read_parquet('{folder / FILES}') where year = {YEARS[-1]} order by hs6")
    return [code for (code,) in found.fetchall()]


def rows_of(folder: Path) -> int:
    return sum(pyarrow.parquet.read_metadata(file).num_rows for file in folder.glob(FILES))


def write(folder: Path, rows: int) -> None:
    """One Parquet file a year, each sorted as trade_flows is. The same bytes for the same rows."""
    folder.mkdir(parents=True)
    connection = duckdb.connect()
    # One thread: the random numbers keep their order.
    connection.execute("set threads = 1")
    connection.execute("select setseed(0.5)")
    # A normal number from a hash: the same for a code in every year.
    connection.execute(
        "create macro normal(h) as sqrt(-2 * ln((1 + h % 1000003) / 1000004)) "
        "* cos(2 * pi() * ((h // 1000003) % 1000003) / 1000003)"
    )
    connection.execute(f"create macro iso3(x) as ({[iso3(c) for c in range(COUNTRIES)]})[x + 1]")
    codes = max(1, round(CODES * rows / ROWS))
    for n, year in enumerate(YEARS):
        growth = FIRST + (LAST - FIRST) * n / (len(YEARS) - 1)
        draws = DRAWS * growth * rows / len(YEARS) / codes
        connection.execute(YEAR.format(codes=codes, draws=draws, countries=COUNTRIES, year=year, file=folder / f"{year}.parquet"))


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
