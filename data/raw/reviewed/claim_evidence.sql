-- The queries behind the claims, each below a line that names its claim and part, or several parts that ask the same of the
-- tables (claim_tests.csv has questions and thresholds).
-- DuckDB's SQL. A query makes a view `figures` of the rows it rests on, then gives one row of value, low, high and note.
-- It sees the tables named in pipeline/measures/claims.py and nothing else; `reo explain claim_evidence C01 a` shows its rows.
-- To try one: duckdb data/processed/observatory.duckdb, with `create temp view`.
-- Counts of acts: value is of acts of high confidence, the other end of low and high of all; an empty register gives no figure.

-- C01 a
create view figures as
select r.edition, r.country, r.amount as reserves_t, m.total as mined_t, r.amount > m.total as more_than_a_year
from reserves r
join stage_concentration m on m.source_id = r.source_id and m.edition = r.edition and m.stage = 'mining'
    and m.kind = 'actual' and m.year = left(r.edition, 4)::int - 1
where r.source_id = 'usgs_mcs' and r.coverage = 'whole' and r.country not in ('WLD', 'ROW') and r.amount > 0;
with counted as (select edition, count(*) filter (more_than_a_year) as countries from figures group by edition)
select max_by(countries, edition) as value, min(countries) as low, max(countries) as high,
    'edition ' || max(edition) || '; low and high over ' || count(*) || ' whole editions' as note
from counted;

-- C01 b
create view figures as
select r.source_id, r.edition, r.year, r.hhi as reserves_hhi, m.hhi as mining_hhi, r.hhi - m.hhi as difference,
    r.hhi_low - m.hhi_high as difference_low, r.hhi_high - m.hhi_low as difference_high
from stage_concentration r
join stage_concentration m using (source_id, edition, year, material, kind)
where r.stage = 'reserves' and m.stage = 'mining' and kind = 'actual';
select max_by(difference, (year, source_id = 'usgs_mcs', edition)) as value, min(difference_low) as low, max(difference_high) as high,
    'newest: ' || max(year) || '; low and high over ' || count(*) || ' tables of ' || count(distinct source_id) || ' publishers' as note
from figures;

-- C01 c
create view figures as
select source_id, edition, year, hhi, hhi_low, hhi_high from stage_concentration where stage = 'reserves' and kind = 'actual';
select max_by(hhi, (year, source_id = 'usgs_mcs', edition)) as value, min(hhi_low) as low, max(hhi_high) as high,
    'newest: ' || max(year) || '; low and high over ' || count(*) || ' tables' as note
from figures;

-- C02 a
create view figures as
select r.source_id, r.edition, r.year, r.china_share as of_reserves, m.china_share as of_mining, m.china_share - r.china_share as step
from stage_concentration r
join stage_concentration m using (source_id, edition, year, material, kind)
where r.stage = 'reserves' and m.stage = 'mining' and kind = 'actual';
select max_by(step, (year, source_id = 'usgs_mcs', edition)) as value, min(step) as low, max(step) as high,
    'newest: ' || max(year) || '; low and high over ' || count(*) || ' tables of ' || count(distinct source_id) || ' publishers' as note
from figures;

-- C02 b
create view figures as
select s.publisher, s.edition, s.year, m.share as of_mining, s.share as of_separation, s.share - m.share as step
from stage_shares s
join stage_shares m using (publisher, edition, year, country, material)
where s.stage = 'separation' and m.stage = 'mining' and country = 'CHN' and s.kind <> 'projection' and m.kind <> 'projection';
with newest as (select * from figures where year = (select max(year) from figures))
select avg(step) as value, min(step) as low, max(step) as high,
    'of ' || max(year) || ' by ' || string_agg(distinct publisher, ', ') || '; of all years on record the step is '
        || (select string_agg(year || ' ' || round(step, 3) || ' (' || publisher || ')', ', ' order by year) from figures) as note
from newest;

-- C02 c
create view figures as
select g.publisher, g.year, m.edition as mining_edition, m.share as of_mining, g.edition as magnet_edition, g.share as of_magnets,
    g.share - m.share as step
from stage_shares g
join stage_shares m using (publisher, year, country)
where g.stage = 'magnet' and m.stage = 'mining' and country = 'CHN' and g.kind <> 'projection' and m.kind <> 'projection';
with newest as (select * from figures where year = (select max(year) from figures))
select avg(step) as value, min(step) as low, max(step) as high,
    'of ' || max(year) || ' by ' || string_agg(distinct publisher, ', ') || ', mining and magnets in texts of their own' as note
from newest;

-- C02 d
create view figures as
select publisher, year, stage, min(share) as share
from stage_shares
where country = 'CHN' and kind <> 'projection' and stage in ('mining', 'separation', 'magnet')
group by all;
with whole as (select publisher, year, min(share) as least from figures group by all having count(*) = 3)
select avg(least) as value, min(least) as low, max(least) as high, 'of ' || max(year) || ' by ' || string_agg(publisher, ', ') as note
from whole where year = (select max(year) from whole);

-- C03 a
create view figures as
select event_id, announced_on, instrument, confidence, title,
    case when instrument in ('research_programme', 'technology_transfer') then 'technology'
        when instrument in ('subsidy_funding', 'tax', 'stockpile', 'equity_stake', 'loan_guarantee') then 'capital'
        when instrument in ('production_quota', 'consolidation_merger', 'standard_regulation', 'enforcement_campaign',
            'list_designation', 'investment_screening') then 'regulation' end as kind
from policy_events
where actor = 'CHN' and layer = 'industrial_policy' and direction = 'strengthens' and scope <> 'other'
    and legal_force not in ('statement', 'company_act');
with counted as (
    select kind, count(*) filter (confidence = 'high') as sure, count(*) as every from figures where kind is not null group by kind
)
select case when count(*) > 0 then count(*) filter (sure >= 3) end as value, count(*) filter (sure >= 3) as low,
    count(*) filter (every >= 3) as high,
    string_agg(kind || ' ' || sure || ' of high confidence, ' || every || ' in all', '; ' order by kind) as note
from counted;

-- C03 b
create view figures as
select event_id, announced_on, stage as stages, confidence, title, stage_one as stage
from policy_events,
    unnest(case when stage = 'all' then ['mining', 'separation', 'metal_alloy', 'magnet'] else string_split(stage, ';') end) as t(stage_one)
where actor = 'CHN' and layer = 'industrial_policy' and direction = 'strengthens' and scope <> 'other'
    and legal_force not in ('statement', 'company_act') and stage_one in ('mining', 'separation', 'metal_alloy', 'magnet');
with counted as (
    select stage, count(*) filter (confidence = 'high') as sure, count(*) as every,
        count(*) filter (stages <> 'all' and confidence = 'high') as named
    from figures group by stage
)
select case when count(*) > 0 then count(*) filter (sure >= 3) end as value, count(*) filter (sure >= 3) as low,
    count(*) filter (every >= 3) as high,
    string_agg(stage || ' ' || sure || ' of high confidence (' || named || ' naming it, the rest the whole chain)', '; ' order by stage) as note
from counted;

-- C03 c
create view figures as
select year, amount from quotas
where preferred and issuer = 'MIIT/MNR' and stage = 'mining' and kind = 'total' and "group" = 'all' and batch = 'full_year'
    and amount is not null;
select case when count(*) > 1 then ln(max_by(amount, year) / min_by(amount, year)) / (max(year) - min(year)) end as value,
    null::double as low, null::double as high, min(year) || ' to ' || max(year) as note
from figures;

-- C04 a, C07 b
create view figures as
select year, p."group", sum(e.total * e.china_share) as china_kusd
from export_concentration e
join (select distinct hs6, "group" from products where "group" is not null) p using (hs6)
where basis = 'value' group by all;
with shares as (
    select year, sum(china_kusd) filter ("group" = 'magnets') / sum(china_kusd) as magnets
    from figures group by year having count(distinct "group") = 3
)
select case when count(*) > 1 then max_by(magnets, year) - min_by(magnets, year) end as value, null::double as low, null::double as high,
    'whole in all groups: ' || string_agg(year || ' ' || round(magnets, 3), ', ' order by year) as note
from shares;

-- C04 b
create view figures as
select year, 'magnets' as "group", exporter_quantity_t as china_t
from mirror_flows where exporter = 'CHN' and importer = 'WLD' and hs6 = '850511' and exporter_quantity_t is not null
union all
select year, p."group", sum(e.total * e.china_share)
from export_concentration e
join (select distinct hs6, "group" from products where "group" in ('compounds', 'metals')) p using (hs6)
where basis = 'quantity_clean' group by all;
with shares as (
    select year, sum(china_t) filter ("group" = 'magnets') / sum(china_t) as magnets
    from figures group by year having count(distinct "group") = 3
)
select case when count(*) > 1 then max_by(magnets, year) - min_by(magnets, year) end as value, null::double as low, null::double as high,
    'magnets as China reports them, the rest reconciled: ' || string_agg(year || ' ' || round(magnets, 3), ', ' order by year) as note
from shares;

-- C04 c
create view figures as
select event_id, announced_on, stage, confidence, title, left(announced_on, 4)::int >= 2016 as later,
    regexp_matches(stage, 'metal_alloy|magnet') as downstream
from policy_events
where actor = 'CHN' and layer = 'industrial_policy' and direction = 'strengthens' and scope <> 'other'
    and legal_force not in ('statement', 'company_act') and regexp_matches(stage, 'mining|separation|metal_alloy|magnet');
with shares as (
    select avg(downstream::int) filter (later and confidence = 'high') - avg(downstream::int) filter (not later and confidence = 'high') as sure,
        avg(downstream::int) filter (later) - avg(downstream::int) filter (not later) as every
    from figures
)
select sure as value, least(sure, every) as low, greatest(sure, every) as high,
    (select count(*) || ' acts, of them ' || count(*) filter (confidence = 'high') || ' of high confidence' from figures) as note
from shares;

-- C05 a, C06 b
create view figures as
select year, value from us_statistics
where measure = 'unit_value_1998_dollars' and material = 'rare_earths' and value is not null
    and (year between 1986 and 1990 or year between 2001 and 2005);
with ratios as (
    select n, avg(value) filter (year > 2005 - n and year <= 2005) / avg(value) filter (year > 1990 - n and year <= 1990) as ratio
    from figures, unnest([1, 3, 5]) as t(n) group by n
)
select max(ratio) filter (n = 3) as value, min(ratio) as low, max(ratio) as high,
    'US apparent unit value in 1998 dollars; low and high over means of one, three and five years' as note
from ratios;

-- C05 b
create view figures as
select year, w.central - c.central as outside_t, w.low - c.high as outside_low, w.high - c.low as outside_high
from production_reconciled w join production_reconciled c using (year)
where w.country = 'WLD' and c.country = 'CHN' and year in (1990, 2005);
select max(outside_t) filter (year = 2005) / max(outside_t) filter (year = 1990) as value,
    max(outside_low) filter (year = 2005) / max(outside_high) filter (year = 1990) as low,
    max(outside_high) filter (year = 2005) / max(outside_low) filter (year = 1990) as high,
    'years with the world''s and China''s output: ' || coalesce(string_agg(year, ', ' order by year), 'none') as note
from figures;

-- C05 c
create view figures as
select year, p.country, p.central, p.central / w.central as share
from production_reconciled p
join (select year, central from production_reconciled where country = 'WLD' and central > 0) w using (year)
where p.country not in ('WLD', 'ROW', 'CHN') and year in (2010, (select max(year) from production_reconciled where country = 'WLD'));
with counted as (select year, count(*) filter (share >= 0.01) as countries from figures group by year)
select case when count(*) > 1 then max_by(countries, year) - min_by(countries, year) end as value, null::double as low, null::double as high,
    string_agg(year || ': ' || countries, ', ' order by year) as note
from counted;

-- C05 d, C06 c
create view figures as select null::double as value;
select value, null::double as low, null::double as high, 'not on public record' as note from figures;

-- C06 a
create view figures as
select year, central, low, high from production_reconciled where country = 'CHN' and year in (1990, 2005, 2020);
with amounts as (
    select max(central) filter (year = 1990) as a, max(central) filter (year = 2005) as b, max(central) filter (year = 2020) as c from figures
)
select ln(b / a) / 15 - ln(c / b) / 15 as value, null::double as low, null::double as high,
    'on record: ' || (select coalesce(string_agg(year, ', ' order by year), 'none') from figures) as note
from amounts;

-- C06 d
create view figures as
select year, central from production_reconciled where country = 'CHN' and year in (1995, 2005, 2020);
with amounts as (
    select max(central) filter (year = 1995) as a, max(central) filter (year = 2005) as b, max(central) filter (year = 2020) as c from figures
)
select ln(b / a) / 10 - ln(c / b) / 15 as value, null::double as low, null::double as high,
    'a year 1995-2005 ' || round(ln(b / a) / 10, 3) || ', 2005-2020 ' || round(ln(c / b) / 15, 3) as note
from amounts;

-- C07 a
create view figures as
select year, basis, ratio_china_to_rest_mix_confounded as ratio, usd_per_kg from unit_values
where hs6 = '850511' and exporter_group = 'CHN' and basis = 'quantity_clean' and ratio_china_to_rest_mix_confounded is not null;
select case when count(*) > 1 then max_by(ratio, year) / min_by(ratio, year) end as value, null::double as low, null::double as high,
    'years whole and with tonnes: ' || coalesce(string_agg(year || ' ' || round(ratio, 3), ', ' order by year), 'none') as note
from figures;

-- C07 c
create view figures as
select year, split_part(home_share_basis, ' by ', 1) as basis, home_share_low, home_share, home_share_high
from quality_shift where home_share is not null;
with ends as (
    select basis, min(year) as first, max(year) as last, max_by(home_share, year) - min_by(home_share, year) as change,
        max_by(home_share_low, year) - min_by(home_share_low, year) as change_low,
        max_by(home_share_high, year) - min_by(home_share_high, year) as change_high
    from figures group by basis having count(*) > 1
)
select max_by(change, (last - first, basis)) as value, min(least(change, change_low, change_high)) as low,
    max(greatest(change, change_low, change_high)) as high,
    'value on the longest basis, low and high over all, with one factor to oxide at both ends: '
        || coalesce(string_agg(basis || ' ' || first || '-' || last || ' ' || round(change, 3), '; ' order by basis), 'none') as note
from ends;

-- C07 d
create view figures as
select u.year, hs6, exporter_group, value_kusd, quantity_t from unit_values u
join (select distinct hs6 from products where "group" = 'compounds') p using (hs6)
where basis = 'quantity_clean' and exporter_group in ('CHN', 'rest');
with ratios as (
    select year, (sum(value_kusd) filter (exporter_group = 'CHN') / sum(quantity_t) filter (exporter_group = 'CHN'))
        / (sum(value_kusd) filter (exporter_group = 'rest') / sum(quantity_t) filter (exporter_group = 'rest')) as ratio
    from figures group by year
), whole as (select * from ratios where ratio is not null)
select case when count(*) > 1 then max_by(ratio, year) / min_by(ratio, year) end as value, null::double as low, null::double as high,
    min(year) || ' ' || round(min_by(ratio, year), 3) || ', ' || max(year) || ' ' || round(max_by(ratio, year), 3) as note
from whole;

-- C08 a
create view figures as
select year, stage, holders, holders_batch from quota_use where stage = 'mining' and holders is not null;
select case when count(*) > 1 then max_by(holders, year) / min_by(holders, year) end as value, null::double as low, null::double as high,
    coalesce(string_agg(year || ' ' || holders, ', ' order by year), 'none') || '; before, holders are hardly on record' as note
from figures;

-- C08 b
create view figures as
select year, stage, holders, holders_hhi, holders_batch from quota_use where stage = 'mining' and holders_hhi is not null;
select case when count(*) > 1 then max_by(holders_hhi, year) - min_by(holders_hhi, year) end as value,
    null::double as low, null::double as high,
    'batches whose printed parts make the whole: '
        || coalesce(string_agg(year || ' ' || holders_batch || ' ' || round(holders_hhi, 3), ', ' order by year), 'none') as note
from figures;

-- C08 c
create view figures as
select event_id, announced_on, layer, instrument, direction, confidence, title from policy_events
where actor = 'CHN' and (layer = 'environmental_regulation' or (layer = 'industrial_policy' and instrument = 'standard_regulation'))
    and scope <> 'other' and legal_force not in ('statement', 'company_act') and left(announced_on, 4) >= '2011';
with counted as (
    select count(*) as acts, sum(case direction when 'strengthens' then 1 when 'weakens' then -1 else 0 end) as every,
        sum(case direction when 'strengthens' then 1 when 'weakens' then -1 else 0 end) filter (confidence = 'high') as sure
    from figures
)
select sure as value, least(sure, every) as low, greatest(sure, every) as high, acts || ' acts since 2011' as note from counted;

-- C08 d
create view figures as
select event_id, announced_on, instrument, confidence, title, left(announced_on, 4)::int as year,
    (select max(left(announced_on, 4)::int) - 1 from policy_events) as newest
from policy_events
where actor = 'CHN' and instrument in ('subsidy_funding', 'tax') and layer = 'industrial_policy' and direction = 'strengthens'
    and scope <> 'other' and legal_force not in ('statement', 'company_act');
with counted as (
    select max(newest) as newest, count(*) filter (year between newest - 9 and newest) - count(*) filter (year between newest - 19 and newest - 10) as every,
        count(*) filter (confidence = 'high' and year between newest - 9 and newest)
            - count(*) filter (confidence = 'high' and year between newest - 19 and newest - 10) as sure
    from figures
)
select case when newest is not null then sure end as value, least(sure, every) as low, greatest(sure, every) as high,
    'acts, not money; ten years to ' || newest || ' and the ten before; the register may have missed what was published less' as note
from counted;

-- C09 a
create view figures as
select left(period_start, 4)::int as year, value, document_id from trade_monthly
where reporter = 'CHN' and partner = 'WLD' and flow = 'export' and product = 'rare_earth_magnets' and measure = 'quantity'
    and kind = 'printed' and preferred and left(period_start, 4) = left(period_end, 4) and right(period_start, 3) = '-01' and right(period_end, 3) = '-12';
with years as (select year, avg(value) as t, min(value) as low, max(value) as high from figures group by year)
select case when count(*) > 1 then max_by(t, year) / min_by(t, year) end as value,
    case when count(*) > 1 then max_by(low, year) / min_by(high, year) end as low,
    case when count(*) > 1 then max_by(high, year) / min_by(low, year) end as high,
    'years printed by China Customs: ' || string_agg(year || ' ' || round(t) || ' t', ', ' order by year) as note
from years;

-- C09 b
create view figures as
select year, 'magnets' as "group", exporter_quantity_t as china_t
from mirror_flows where exporter = 'CHN' and importer = 'WLD' and hs6 = '850511' and exporter_quantity_t is not null
union all
select year, p."group", sum(e.total * e.china_share)
from export_concentration e
join (select distinct hs6, "group" from products where "group" = 'compounds') p using (hs6)
where basis = 'quantity_clean' group by all;
with ratios as (
    select year, sum(china_t) filter ("group" = 'magnets') / sum(china_t) filter ("group" = 'compounds') as magnets_per_compounds
    from figures group by year having count(distinct "group") = 2
)
select case when count(*) > 1 then max_by(magnets_per_compounds, year) / min_by(magnets_per_compounds, year) end as value,
    null::double as low, null::double as high,
    'tonnes of magnets per tonne of compounds: ' || string_agg(year || ' ' || round(magnets_per_compounds, 2), ', ' order by year) as note
from ratios;

-- C09 c
create view figures as select null::double as value;
select value, null::double as low, null::double as high, 'six-digit codes mix the elements' as note from figures;

-- C09 d
create view figures as
select event_id, announced_on, stage, confidence, title, left(announced_on, 4)::int >= 2016 as later, contains(stage, 'magnet') as magnets
from policy_events
where actor = 'CHN' and layer = 'industrial_policy' and direction = 'strengthens' and scope <> 'other'
    and legal_force not in ('statement', 'company_act') and regexp_matches(stage, 'mining|separation|metal_alloy|magnet');
with shares as (
    select avg(magnets::int) filter (later and confidence = 'high') - avg(magnets::int) filter (not later and confidence = 'high') as sure,
        avg(magnets::int) filter (later) - avg(magnets::int) filter (not later) as every
    from figures
)
select sure as value, least(sure, every) as low, greatest(sure, every) as high,
    (select count(*) || ' acts, of them ' || count(*) filter (confidence = 'high') || ' of high confidence' from figures) as note
from shares;

-- C10 a
create view figures as
with newest as (select max(as_of) as as_of, max(month) as month from policy_stance)
select s.month, basis, acts, opposed, unknown
from policy_stance s, newest
where actor = 'CHN' and layer = 'export_control' and index = 'own_layer' and weights = 'rubric' and s.as_of = newest.as_of
    and s.month in (newest.month, (left(newest.month, 4)::int - 5) || right(newest.month, 3));
with steps as (
    select basis, case when count(*) > 1 then max_by(acts, month) - min_by(acts, month) end as step,
        string_agg(acts || ' in ' || month, ', ' order by month) as held, max_by(unknown, month) as unknown
    from figures group by basis
)
select max(step) filter (basis = 'high_confidence') as value, min(step) as low, max(step) as high,
    string_agg(basis || ': ' || held, '; ' order by basis) || '; ' || coalesce(max(unknown), 0)
        || ' more of which nothing tells whether they are still suspended' as note
from steps;

-- C10 b
create view figures as
select announcement, right(announcement, 4)::int as year, item_no, symbol
from control_lists, unnest(string_split(element, ';')) as t(symbol)
where symbol in ('Sc', 'Y', 'La', 'Ce', 'Pr', 'Nd', 'Sm', 'Eu', 'Gd', 'Tb', 'Dy', 'Ho', 'Er', 'Tm', 'Yb', 'Lu');
select case when count(*) > 0 then count(distinct symbol) filter (year >= 2021) - count(distinct symbol) filter (year < 2021) end as value,
    null::double as low, null::double as high,
    string_agg(distinct announcement, ', ') || ' name rare earths; what is suspended since counts, policy_status says which' as note
from figures;

-- C10 c
create view figures as
select event_id, w.acted_on, w.outcome, w.before, w.after, w.before_held, w.after_held, w.change
from policy_windows w join policy_events e using (event_id)
where e.actor = 'CHN' and e.layer = 'export_control' and e.foreign_supply = 'tightens' and e.scope <> 'other'
    and w.acted_on >= '2023' and w.measure = 'monthly_export_quantity';
select median(change) filter (before_held = 12 and after_held = 12) as value, null::double as low, null::double as high,
    count(*) || ' windows, of them ' || count(*) filter (before_held = 12 and after_held = 12)
        || ' with all twenty-four months printed' as note
from figures;

-- C11 a
create view figures as
select event_id, announced_on, actor, instrument, confidence, title, left(announced_on, 4)::int as year,
    (select max(left(announced_on, 4)::int) - 1 from policy_events) as newest
from policy_events
where layer = 'diversification_response' and direction = 'strengthens' and scope <> 'other'
    and legal_force not in ('statement', 'company_act')
    and actor in ('USA', 'CAN', 'GBR', 'DEU', 'FRA', 'ITA', 'JPN', 'EUU', 'KOR', 'AUS', 'IND');
with counted as (
    select max(newest) as newest, count(*) filter (year between newest - 4 and newest) as later, count(*) filter (year between newest - 9 and newest - 5) as earlier,
        count(*) filter (confidence = 'high' and year between newest - 4 and newest) as later_sure,
        count(*) filter (confidence = 'high' and year between newest - 9 and newest - 5) as earlier_sure
    from figures
)
select later_sure / nullif(earlier_sure, 0) as value, least(later_sure / nullif(earlier_sure, 0), later / nullif(earlier, 0)) as low,
    greatest(later_sure / nullif(earlier_sure, 0), later / nullif(earlier, 0)) as high,
    'five years to ' || newest || ': ' || later || ' acts, before: ' || earlier || '; press of late years is easier to find' as note
from counted;

-- C11 b
create view figures as
select bloc, max(non_china_share) filter (year = 2018) as share_2018, max(non_china_share) filter (year = 2024) as share_2024
from diversification
where "group" = 'compounds' and basis = 'value' and year in (2018, 2024) and bloc in ('USA', 'EUU', 'JPN', 'KOR', 'AUS', 'IND')
group by bloc;
select case when count(*) = 6 then count(*) filter (share_2024 - share_2018 >= 0.05) end as value, null::double as low, null::double as high,
    string_agg(bloc || ' ' || round(share_2018, 2) || ' to ' || round(share_2024, 2), ', ' order by bloc) as note
from figures where share_2018 is not null and share_2024 is not null;

-- C11 c
create view figures as
select bloc, max(non_china_share) filter (year = 2018) as share_2018, max(non_china_share) filter (year = 2024) as share_2024
from diversification
where "group" = 'magnets' and basis = 'value' and year in (2018, 2024) and bloc in ('USA', 'EUU', 'JPN', 'KOR', 'AUS', 'IND')
group by bloc;
select case when count(*) = 6 then count(*) filter (share_2024 - share_2018 >= 0.05) end as value, null::double as low, null::double as high,
    coalesce(string_agg(bloc || ' ' || round(share_2018, 2) || ' to ' || round(share_2024, 2), ', ' order by bloc), 'magnets of 2018 are not held whole') as note
from figures where share_2018 is not null and share_2024 is not null;

-- C11 d
create view figures as
select bloc, max(effective_suppliers) filter (year = 2018) as suppliers_2018, max(effective_suppliers) filter (year = 2024) as suppliers_2024
from diversification
where "group" = 'compounds' and basis = 'value' and year in (2018, 2024) and bloc in ('USA', 'EUU', 'JPN', 'KOR', 'AUS', 'IND')
group by bloc;
select case when count(*) = 6 then count(*) filter (suppliers_2024 >= 1.1 * suppliers_2018) end as value, null::double as low, null::double as high,
    string_agg(bloc || ' ' || round(suppliers_2018, 1) || ' to ' || round(suppliers_2024, 1), ', ' order by bloc) as note
from figures where suppliers_2018 is not null and suppliers_2024 is not null;

-- C12 a
-- The register codes firms' memoranda and states' agreements alike; the states' are named, as read from their rows.
create view figures as
with state_agreements(event_id) as (values
    ('CN-2023-10-bri-forum-minerals'), ('CN-2025-11-23-g20-green-minerals'), ('CN-2025-11-africa-industrialisation-green-mining'),
    ('CN-GRL-2015-mlr-vision'), ('CN-TUR-2024-10-mining-mou'), ('CN-USA-2025-06-10-london-framework')
)
select event_id, announced_on, partner, instrument, legal_force, confidence, title
from policy_events, unnest(string_split(counterparty, ';')) as t(partner)
where actor = 'CHN' and layer = 'cooperation_incentive' and direction = 'strengthens' and scope <> 'other'
    and (legal_force = 'binding' or event_id in (select event_id from state_agreements));
with register as (select count(*) as acts from policy_events where actor = 'CHN')
select case when max(acts) > 0 then count(distinct partner) filter (confidence = 'high') end as value,
    count(distinct partner) filter (confidence = 'high' and legal_force = 'binding') as low, count(distinct partner) as high,
    count(distinct event_id) || ' acts with ' || coalesce(string_agg(distinct partner, ', ' order by partner), 'nobody')
        || '; low is of binding acts alone, memoranda of firms are no act of state' as note
from register left join figures on true;

-- C12 b
-- None of the agreements between states that C12 a names is of these instruments.
create view figures as
select event_id, announced_on, counterparty, legal_force, confidence, title, legal_force = 'binding' as of_state
from policy_events
where actor = 'CHN' and layer = 'cooperation_incentive' and direction = 'strengthens' and scope <> 'other'
    and instrument in ('technology_transfer', 'research_programme') and legal_force <> 'company_act';
with register as (select count(*) as acts from policy_events where actor = 'CHN')
select case when max(acts) > 0 then count(event_id) filter (confidence = 'high' and of_state) end as value,
    case when max(acts) > 0 then count(event_id) filter (of_state) end as low,
    count(event_id) filter (of_state or legal_force = 'statement') as high,
    count(event_id) filter (legal_force = 'statement') || ' words of a state (counted in high), '
        || count(event_id) filter (legal_force = 'agreement') || ' plan between firms; no completed transfer is on record' as note
from register left join figures on true;

-- C12 c
create view figures as select null::double as value;
select value, null::double as low, null::double as high, 'most acts are younger than three whole years of trade' as note from figures;

-- C13 a
create view figures as
select project, country, firm, start, stages, status from overseas_presence
where not comparator and part_of is null
    and case length(start) when 4 then start || '-12-31' when 7 then start || '-31' else start end < '2010-09';
with register as (select count(*) as projects from overseas_presence)
select case when max(projects) > 0 then count(project) end as value, null::double as low, null::double as high,
    string_agg(project || ' ' || start, ', ' order by start) as note
from register left join figures on true;

-- C13 b
create view figures as
select project, country, firm, start, stages, status from overseas_presence
where not comparator and part_of is null
    and case length(start) when 4 then start || '-12-31' when 7 then start || '-31' else start end < '2010-09';
with register as (select count(*) as projects from overseas_presence)
select case when max(projects) > 0 then count(distinct country) end as value, null::double as low, null::double as high,
    string_agg(distinct country, ', ' order by country) as note
from register left join figures on true;

-- C13 c
create view figures as
select year, exporter, sum(quantity_t) as quantity_t from trade_flows f
join (select distinct hs6 from products where "group" = 'compounds') p using (hs6)
where importer = 'CHN' and coverage = 'whole' group by all;
select sum(quantity_t) filter (exporter in ('MMR', 'LAO', 'MYS', 'VNM', 'MDG', 'USA')) / sum(quantity_t) as value,
    null::double as low, null::double as high, 'of ' || max(year) || ', gross tonnes' as note
from figures where year = (select max(year) from figures);

-- C14 a
create view figures as
select e.event_id, e.announced_on, e.title, e.confidence, s.rank, s.kind, s.url
from policy_events e join policy_sources s using (event_id)
where e.layer = 'cooperation_incentive' and e.announced_on like '2025-10%' and e.stage like '%separation%'
    and ((e.actor = 'CHN' and contains(e.counterparty, 'MYS')) or (e.actor = 'MYS' and contains(e.counterparty, 'CHN')));
select nullif(count(distinct url), 0) as value, null::double as low, null::double as high,
    coalesce(string_agg(distinct event_id, ', ') || '; kinds of text: ' || string_agg(distinct kind, ', '), 'no such act') as note
from figures;

-- C14 b
create view figures as
select year, exporter, sum(value_kusd) as value_kusd from trade_flows f
join (select distinct hs6 from products where "group" = 'compounds') p using (hs6)
where exporter <> 'CHN' and coverage = 'whole' group by all;
select sum(value_kusd) filter (exporter = 'MYS') / sum(value_kusd) as value, null::double as low, null::double as high, 'of ' || max(year) as note
from figures where year = (select max(year) from figures);

-- C14 c
create view figures as
select year, exporter, sum(value_kusd) as value_kusd from trade_flows f
join (select distinct hs6 from products where "group" = 'compounds') p using (hs6)
where exporter <> 'CHN' and coverage = 'whole' and year in (2024, 2026) group by all;
with shares as (select year, sum(value_kusd) filter (exporter = 'MYS') / sum(value_kusd) as share from figures group by year)
select case when count(*) = 2 then max_by(share, year) - min_by(share, year) end as value, null::double as low, null::double as high,
    'years held: ' || coalesce(string_agg(year, ', ' order by year), 'none') as note
from shares;

-- C15 a
create view figures as
with newest as (select max(as_of) as as_of, max(month) as month from policy_stance)
select layer, basis, acts, layer in ('industrial_policy', 'cooperation_incentive', 'environmental_regulation') as restricts_nothing
from policy_stance s, newest
where actor = 'CHN' and index = 'own_layer' and weights = 'rubric' and s.as_of = newest.as_of and s.month = newest.month;
with shares as (
    select basis, sum(acts) filter (restricts_nothing) / nullif(sum(acts), 0) as share,
        string_agg(layer || ' ' || acts, ', ' order by layer) as held
    from figures group by basis
)
select max(share) filter (basis = 'high_confidence') as value, min(share) as low, max(share) as high,
    string_agg(basis || ': ' || held, '; ' order by basis) as note
from shares;

-- C15 b
create view figures as
select layer, announced_on, event_id, direction, confidence, title,
    case direction when 'strengthens' then 1 when 'weakens' then -1 else 0 end as step
from policy_events
where actor = 'CHN' and layer in ('industrial_policy', 'cooperation_incentive') and left(announced_on, 4) >= '2020'
    and scope <> 'other' and legal_force not in ('statement', 'company_act');
with layers as (select layer, sum(step) filter (confidence = 'high') as sure, sum(step) as every from figures group by layer)
select case when count(*) > 0 then count(*) filter (sure > 0) end as value,
    least(count(*) filter (sure > 0), count(*) filter (every > 0)) as low, greatest(count(*) filter (sure > 0), count(*) filter (every > 0)) as high,
    string_agg(layer || ' ' || sure || ' net acts of high confidence, ' || every || ' in all', '; ' order by layer) as note
from layers;

-- C15 c
create view figures as
select year, importer, direct_china_share, total_china_origin_share, total_china_origin_share_low, total_china_origin_share_high,
    unexplained_share, feed
from indirect_dependence
where "group" = 'compounds' and importer in ('USA', 'EUU', 'JPN', 'KOR', 'IND')
    and year = (select max(year) from indirect_dependence where "group" = 'compounds');
select median(total_china_origin_share - direct_china_share) filter (feed = 'excluded') as value,
    median(total_china_origin_share_low - direct_china_share) filter (feed = 'excluded') as low,
    median(total_china_origin_share_high - direct_china_share) filter (feed = 'excluded') as high,
    'of ' || max(year) || ', feed for separation excluded: '
        || string_agg(importer || ' ' || round(total_china_origin_share - direct_china_share, 3), ', ' order by importer)
            filter (feed = 'excluded')
        || '; median with feed included: '
        || coalesce(round(median(total_china_origin_share - direct_china_share) filter (feed = 'included'), 3), 'none') as note
from figures;
