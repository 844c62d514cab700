-- name: export_concentration
with e as (
    select year, hs6, exporter, sum(value_kusd) v, sum(quantity_t) q, sum(value_kusd) filter (quantity_t > 0) w
    from flows where coverage = 'whole' group by all
), c as (
    select e.*, e.q - coalesce(o.q, 0) k from e left join (
        select year, hs6, exporter, sum(quantity_t) q from flow_outliers group by all
    ) o using (year, hs6, exporter)
), long as (
    select year, hs6, exporter, w, v all_v, unnest(['value', 'quantity', 'quantity_clean']) basis,
        unnest([nullif(v, 0), nullif(q, 0), case when k > 0.0005 then k end]) x
    from c
)
select year, hs6, basis, sum(x * x) / (sum(x) * sum(x)) hhi, (sum(x) * sum(x)) / sum(x * x) effective_suppliers,
    max(x) / sum(x) cr1, list_sum(max(x, 3)) / sum(x) cr3, arg_max(exporter, x) top_country,
    coalesce(sum(x) filter (exporter = 'CHN') / sum(x), 0) china_share, count(x) exporters, sum(x) total,
    sum(w) / sum(all_v) quantity_coverage, 'whole' coverage
from long group by year, hs6, basis having count(x) > 0

-- name: import_dependence
with members as (
    select iso3 from countries where eu27
), f as (
    select year, importer, hs6, exporter, f.value_kusd v, f.quantity_t q, case when o.year is null then f.quantity_t end k
    from flows f left join flow_outliers o using (year, exporter, importer, hs6)
    where coverage = 'whole' and hs6 in (select hs6 from products)
), sides as (
    from f union all
    select year, 'EUU', hs6, exporter, sum(v), sum(q), sum(k)
    from f where importer in (from members) and exporter not in (from members) group by all
), long as (
    select year, importer, hs6, exporter, unnest(['value', 'quantity', 'quantity_clean']) basis, unnest([v, q, k]) x from sides
)
select year, importer, hs6, basis, sum(x * x) / (sum(x) * sum(x)) hhi, (sum(x) * sum(x)) / sum(x * x) effective_suppliers,
    arg_max(exporter, x) top_supplier, max(x) / sum(x) top_share,
    coalesce(sum(x) filter (exporter = 'CHN') / sum(x), 0) china_share, count(*) suppliers, sum(x) total,
    max(x) / sum(x) > 0.65 above_65
from long where x > 0 group by all

-- name: unit_values
with e as (
    select year, hs6, exporter, sum(value_kusd) filter (quantity_t > 0) v, sum(quantity_t) q, count(*) filter (quantity_t > 0) n,
        count(*) filter (not coalesce(quantity_t > 0, false)) unweighed
    from flows where coverage = 'whole' group by all
), o as (
    select year, hs6, exporter, sum(value_kusd) ov, sum(quantity_t) oq, count(*) n from flow_outliers group by all
), c as (
    select e.*, v - coalesce(ov, 0) cv, q - coalesce(oq, 0) cq, e.n - coalesce(o.n, 0) cn from e left join o using (year, hs6, exporter)
), long as (
    select year, hs6, unnest([case when exporter = 'CHN' then 'CHN' else 'rest' end, 'world']) exporter_group,
        v, q, n, cv, cq, cn, unweighed from c
), wide as (
    select year, hs6, exporter_group, sum(v) v, sum(q) q, sum(n) n, sum(cv) cv, sum(cq) cq, sum(cn) cn, sum(unweighed) unweighed
    from long group by all
), sums as (
    select year, hs6, exporter_group, unnest(['quantity', 'quantity_clean']) basis, unnest([v, cv]) v, unnest([q, cq]) q,
        unnest([n, cn]) n, unweighed from wide
), u as (
    select *, v / q price from sums where q > 0.0005
)
select year, hs6, exporter_group, basis, v value_kusd, q quantity_t, price usd_per_kg, n::bigint flows,
    unweighed::bigint flows_without_quantity, max(price) filter (exporter_group = 'CHN') over g
        / nullif(max(price) filter (exporter_group = 'rest') over g, 0) ratio_china_to_rest_mix_confounded
from u window g as (partition by year, hs6, basis)

-- name: flow_outliers
with f as (
    select year, exporter, importer, hs6, value_kusd v, quantity_t q, value_kusd / quantity_t u, ln(value_kusd / quantity_t) l
    from flows where coverage = 'whole' and quantity_t > 0 and value_kusd > 0 and year = {year}
), c as (
    select year, hs6, count(*) n, sum(q) whole, median(u) m, median(l) centre from f group by all having count(*) >= 8
), d as (
    select f.*, whole, m, l - centre off from f join c using (year, hs6)
), s as (
    select year, hs6, median(abs(off)) mad from d group by all
), z as (
    select d.* exclude (off, l), round(case when mad > 0 then off / (1.4826 * mad) else 0 end, 6) z, q / whole share
    from d join s using (year, hs6)
), r as (
    select *, abs(z) > 3.5 and share >= 0.005 far, u < 0.5 and share >= 0.02 and m >= 5 cheap from z
)
select year, exporter, importer, hs6, v value_kusd, q quantity_t, u usd_per_kg, m median_usd_per_kg, z robust_z,
    share share_of_quantity, case when far then 'robust_z' else 'below_floor' end reason
from r where far or cheap
