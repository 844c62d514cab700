"""Times supply_risk and supply_risk_published beside the plain DuckDB arithmetic on the same tables, same threads, one process.

    python benchmarks/supply_risk.py

It reads the tables of the last `reo build`. The plain query gives score with low and high, price, factor and coverage for every
importer and the EU from trade, governance and production in one statement: floats instead of exact sums, missing estimates at
0.5, no exception. Ours must stay within two and a half times of it. The tasks alternate; a round's ratio is ours over the plain
query's of that round, and the median over rounds is reported.
The published library takes 17 to 30 ms a score in its loops, some 40 minutes for all; it is not run here.
"""

from timing import Compared, compared, seconds, show

from pipeline import catalog
from pipeline.measures.supply_risk import supply_risk
from pipeline.measures.supply_risk_published import supply_risk_published

ROUNDS = 9
MOST = 2.5
SMALL = ("mine_production", "material_codes", "governance", "countries", "country_codes")
PLAIN = """
with members as (
    select iso3 from countries where eu27
), mined as (
    select year, material, country, amount, coalesce(quantity_t, amount) own from mine_production
    where country <> 'WLD' and material in (select material from material_codes)
), own as (
    select year, material, country importer, own from mined
    union all select year, material, 'EUU', sum(own) from mined where country in (from members) group by all
), hhi as (
    select year, material, sum(trunc(amount) ^ 2) / sum(trunc(amount)) ^ 2 hhi from mined group by all having sum(amount) > 0
), flows as (
    select f.year, f.importer, c.material, coalesce(quantity_t, 0) q, value_kusd v, f.importer in (from members) of_union,
        wgi_pv is not null known, quantity_t is null unweighed, f.exporter in (from members) among,
        coalesce(least(greatest((2.5 - wgi_pv) / 5, 0), 1), 0.5) g,
        coalesce(least(greatest((2.5 - wgi_pv - 1.645 * standard_error) / 5, 0), 1), 0) low,
        coalesce(least(greatest((2.5 - wgi_pv + 1.645 * standard_error) / 5, 0), 1), 1) high
    from trade f join material_codes c using (hs6) left join governance g on g.year = f.year and g.country = f.exporter
    where f.year >= 2018 and coverage = 'whole'
), bought as (
    select year, importer, material, sum(q) f, sum(v) v, sum(q * g) risk, sum(q * low) low, sum(q * high) high,
        sum(q) filter (known) covered, sum(v) filter (not unweighed) valued, count(*) filter (unweighed) unweighed
    from flows group by all
    union all
    select year, 'EUU', material, sum(q), sum(v), sum(q * g), sum(q * low), sum(q * high), sum(q) filter (known),
        sum(v) filter (not unweighed), count(*) filter (unweighed)
    from flows where of_union and not among group by all
), importers as (
    select year, iso3 importer from (select distinct year from hhi) join country_codes on year between valid_from and valid_to
    where scheme = 'baci' union all select distinct year, 'EUU' from hhi
)
select h.year, i.importer, h.material, hhi, risk / nullif(f + coalesce(own, 0), 0) import_risk, hhi * import_risk score,
    hhi * low / nullif(f + coalesce(own, 0), 0) low, hhi * high / nullif(f + coalesce(own, 0), 0) high,
    v / nullif(f, 0) price, score * price factor, covered / nullif(f, 0) coverage, valued / nullif(v, 0) valued, unweighed
from hhi h join importers i using (year) left join bought b using (year, importer, material)
    left join own o using (year, importer, material)
"""


def rows() -> list[Compared]:
    flows = catalog.scan_table("trade_flows")
    backend = flows.get_backend()
    backend.con.register("trade", backend.con.read_parquet(str(catalog.parquet_path("trade_flows"))))
    small = {name: catalog.load_table(name) for name in SMALL}
    for name, frame in small.items():
        backend.con.register(name, frame)
    tasks = {
        "supply_risk": lambda: supply_risk(flows, **small).to_pyarrow(),
        "supply_risk_published": lambda: supply_risk_published(flows, **small).to_pyarrow(),
        "plain": lambda: backend.con.sql(PLAIN).to_arrow_table(),
    }
    counted = {name: run().num_rows for name, run in tasks.items()}
    rounds = [{name: seconds(run) for name, run in tasks.items()} for _ in range(ROUNDS)]
    took = {name: [r[name] for r in rounds] for name in tasks}
    return [
        compared(f"{name}, {counted[name]:,} rows", took[name], "one DuckDB statement", took["plain"], MOST)
        for name in ("supply_risk", "supply_risk_published")
    ]


if __name__ == "__main__":
    show(rows())
