-- The queries behind the claims, each below a line that names its claim and part, or several parts that ask the same of the
-- tables (claim_tests.csv has questions and thresholds).
-- DuckDB's SQL. A query makes a view `figures` of the rows it rests on, then gives one row of value, low, high and note.
-- It sees the tables named in pipeline/measures/claim_evidence.py and nothing else; `reo explain claim_evidence C01 a` shows its rows.
-- To try one: duckdb data/processed/observatory.duckdb, with `create temp view`.
-- Counts of acts: value is of acts of high confidence, the other end of low and high of all; an empty register gives no figure.

-- C01 a
create view figures as
select edition, country, amount as reserves_t, amount >= 1e6 as large
from reserves
where source_id = 'usgs_mcs' and coverage = 'whole' and country not in ('WLD', 'ROW') and amount > 0;
with counted as (select edition, count(*) filter (large) as countries from figures group by edition)
select max_by(countries, edition) as value, min(countries) as low, max(countries) as high,
    'edition ' || max(edition) || '; low and high over ' || count(*) || ' whole editions' as note
from counted;

-- C01 b
create view figures as
select r.source_id, r.edition, r.year, r.hhi as reserves_hhi, m.hhi as mining_hhi, r.hhi - m.hhi as difference,
    r.hhi_low - m.hhi_high as difference_low, r.hhi_high - m.hhi_low as difference_high, r.vanished
from stage_concentration r
join stage_concentration m using (source_id, edition, year, material, kind)
where r.stage = 'reserves' and m.stage = 'mining' and kind = 'actual'
    and source_id not in ('statistical_review', 'bgs_world_mineral_statistics');
select max_by(difference, (year, source_id = 'usgs_mcs', edition)) as value, min(difference_low) as low, max(difference_high) as high,
    'newest: ' || max(year) || '; low and high over ' || count(*) || ' tables of ' || count(distinct source_id) || ' open sources'
        || coalesce('; left out of the newest: ' || max_by(vanished, (year, source_id = 'usgs_mcs', edition)), '') as note
from figures;

-- C01 c
create view figures as
select source_id, edition, year, hhi, hhi_low, hhi_high from stage_concentration
where stage = 'reserves' and kind = 'actual' and source_id not in ('statistical_review', 'bgs_world_mineral_statistics');
select max_by(hhi, (year, source_id = 'usgs_mcs', edition)) as value, min(hhi_low) as low, max(hhi_high) as high,
    'newest: ' || max(year) || '; low and high over ' || count(*) || ' tables of open sources' as note
from figures;

-- C01 d
create view figures as
select r.edition, r.year, r.total as reserves_t, m.total as mined_t, r.total / m.total as years
from stage_concentration r
join stage_concentration m using (source_id, edition, year, material, kind)
where r.stage = 'reserves' and m.stage = 'mining' and kind = 'actual' and source_id = 'usgs_mcs';
select max_by(years, edition) as value, min(years) as low, max(years) as high,
    'edition ' || max(edition) || '; low and high over ' || count(*) || ' whole editions' as note
from figures;

-- C02 a
create view figures as
select r.source_id, r.edition, r.year, r.china_share as of_reserves, r.china_share_low as of_reserves_low,
    r.china_share_high as of_reserves_high, m.china_share as of_mining, m.china_share_low as of_mining_low,
    m.china_share_high as of_mining_high, r.vanished
from stage_concentration r
join stage_concentration m using (source_id, edition, year, material, kind)
where r.stage = 'reserves' and m.stage = 'mining' and kind = 'actual'
    and source_id not in ('statistical_review', 'bgs_world_mineral_statistics');
select max_by(of_mining - of_reserves, (year, source_id = 'usgs_mcs', edition)) as value,
    min(of_mining_low - of_reserves_high) as low, max(of_mining_high - of_reserves_low) as high,
    'newest: ' || max(year) || '; low and high over ' || count(*) || ' tables of ' || count(distinct source_id) || ' open sources'
        || coalesce('; left out of the newest: ' || max_by(vanished, (year, source_id = 'usgs_mcs', edition)), '') as note
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

-- C03 d
create view figures as select null::double as value;
select value, null::double as low, null::double as high, 'no yearly sums of state funding are collected' as note from figures;

-- C03 e
create view figures as
select country, period_start, period_end, value, document_id from patents
where measure like 'patents filed on all rare earth elements%' and country in ('CHN', 'USA', 'JPN', 'EUU');
select sum(value) filter (country = 'CHN') / sum(value) as value, null::double as low, null::double as high,
    'one count by the press, ' || min(period_start) || ' to ' || max(period_end) || ', low confidence' as note
from figures;

-- C04 a, C07 b
create view figures as
select year, compounds_value, metals_value, magnets_value, magnets_coverage, magnets_share_of_value as share from quality_shift
where magnets_share_of_value is not null and year between 2002 and 2024;
with changes as (
    select n, avg(share) filter (year > 2024 - n) - avg(share) filter (year < 2002 + n) as change
    from figures, unnest([3, 5]) as t(n) group by n
    having count(*) filter (year > 2024 - n) = n and count(*) filter (year < 2002 + n) = n
)
select max(change) filter (n = 3) as value, min(change) as low, max(change) as high,
    'all of HS 850511; low and high over means of three and of five years' as note
from changes;

-- C04 b
create view figures as
select year, m.quantity_t as magnets_t, v.volume_index
from rare_earth_magnets m join export_volumes v using (year)
where m.exporter = 'CHN' and m.importer = 'WLD' and m.basis = 'national_line' and m.quantity_t is not null
    and v."group" = 'compounds_and_metals' and year <= 2024;
select case when count(*) > 1 then (max_by(magnets_t, year) / min_by(magnets_t, year)) / (max_by(volume_index, year) / min_by(volume_index, year))
    end as value, null::double as low, null::double as high,
    min(year) || ' to ' || max(year) || ': magnets ' || round(max_by(magnets_t, year) / min_by(magnets_t, year), 2)
        || ' times, compounds and metals at constant prices ' || round(max_by(volume_index, year) / min_by(volume_index, year), 2) as note
from figures;

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
-- The publisher's rows may not be passed on: two digits.
create view figures as
select year, case when country in ('RUS', 'EST', 'KAZ', 'KGZ', 'TJK', 'UKR', 'UZB') then 'SUN' else country end as country, sum(amount) as mined_t
from production
where source_id = 'bgs_world_mineral_statistics' and stage = 'mining' and material = 'rare_earths'
    and country not in ('WLD', 'ROW') and year in (1990, 2005) and amount is not null
group by all;
with outside as (
    select sum(mined_t) filter (year = 1990) as earlier, sum(mined_t) filter (year = 2005) as later from figures where country <> 'CHN'
)
select round(later / earlier, 2) as value, null::double as low, null::double as high,
    'tonnes of oxide, ores by named factors; restricted source, rounded' as note
from outside;

-- C05 c
create view figures as
select year, case when country in ('RUS', 'EST', 'KAZ', 'KGZ', 'TJK', 'UKR', 'UZB') then 'SUN' else country end as country, sum(amount) as mined_t
from production
where source_id = 'bgs_world_mineral_statistics' and stage = 'mining' and material = 'rare_earths'
    and country not in ('WLD', 'ROW') and year in (1990, 2005) and amount is not null
group by all;

with shares as (select year, country, mined_t / sum(mined_t) over (partition by year) as share from figures),
counted as (
    select year, count(*) filter (share >= 0.01 and country <> 'CHN') as countries,
        string_agg(country, ' ' order by country) filter (share >= 0.01 and country <> 'CHN') as named
    from shares group by year
)
select case when count(*) > 1 then max_by(countries, year) - min_by(countries, year) end as value, null::double as low, null::double as high,
    string_agg(year || ': ' || countries || ' (' || coalesce(named, 'none') || ')', ', ' order by year) as note
from counted;

-- C05 d
-- A row without an amount is unknown: low and high take it one way and the other.
create view figures as
select year, case when country in ('RUS', 'EST', 'KAZ', 'KGZ', 'TJK', 'UKR', 'UZB') then 'SUN' else country end as country,
    sum(amount) as mined_t, max(amount) > 0 as mined, count(*) > count(amount) as unknown
from production
where source_id = 'bgs_world_mineral_statistics' and stage = 'mining' and material = 'rare_earths'
    and country not in ('WLD', 'ROW', 'CHN') and year in (1990, 2005)
group by all;
with miners as (
    select country, coalesce(bool_or(mined) filter (year = 1990), false) as at_first, coalesce(bool_or(mined) filter (year = 2005), false) as at_last,
        coalesce(bool_or(unknown) filter (year = 1990), false) as first_unknown, coalesce(bool_or(unknown) filter (year = 2005), false) as last_unknown
    from figures group by country
), moves as (
    select country, at_first and not at_last as stopped, at_last and not at_first as began,
        (at_first and not at_last and last_unknown) or (at_last and not at_first and first_unknown) as doubtful
    from miners
), counted as (
    select count(*) filter (stopped and not doubtful) as stopped, count(*) filter (began and not doubtful) as began,
        count(*) filter (stopped and doubtful) as perhaps_stopped, count(*) filter (began and doubtful) as perhaps_began,
        string_agg(country, ' ' order by country) filter (stopped and not doubtful) as who_stopped,
        string_agg(country, ' ' order by country) filter (began and not doubtful) as who_began,
        string_agg(country, ' ' order by country) filter (doubtful) as doubtful
    from moves
)
select case when (select count(distinct year) from figures) = 2 then stopped - began end as value,
    stopped - began - perhaps_began as low, stopped + perhaps_stopped - began as high,
    'stopped: ' || coalesce(who_stopped, 'none') || '; began: ' || coalesce(who_began, 'none') || '; not known: ' || coalesce(doubtful, 'none') as note
from counted;

-- C05 e, C06 c
create view figures as select null::double as value;
select value, null::double as low, null::double as high, 'not on public record' as note from figures;

-- C06 a
-- The publisher's rows may not be passed on: rounded.
create view figures as
select year, case when country in ('RUS', 'EST', 'KAZ', 'KGZ', 'TJK', 'UKR', 'UZB') then 'SUN' else country end as country, sum(amount) as mined_t
from production
where source_id = 'bgs_world_mineral_statistics' and stage = 'mining' and material = 'rare_earths'
    and country not in ('WLD', 'ROW') and year in (1985, 2005) and amount is not null
group by all;
with amounts as (
    select sum(mined_t) filter (year = 1985 and country = 'CHN') as china_1985, sum(mined_t) filter (year = 2005 and country = 'CHN') as china_2005,
        sum(mined_t) filter (year = 1985 and country <> 'CHN') as rest_1985, sum(mined_t) filter (year = 2005 and country <> 'CHN') as rest_2005
    from figures
)
select round(ln(china_2005 / china_1985) / 20 - ln(rest_2005 / rest_1985) / 20, 3) as value, null::double as low, null::double as high,
    'tonnes of oxide, ores by named factors; restricted source, rounded' as note
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
select year, volume_index, quantity_t, volume_index / quantity_t as volume_per_tonne from export_volumes
where "group" = 'compounds_and_metals' and quantity_t > 0 and year between 2002 and 2024;
with ratios as (
    select n, avg(volume_per_tonne) filter (year > 2024 - n) / avg(volume_per_tonne) filter (year < 2002 + n) as ratio
    from figures, unnest([3, 5]) as t(n) group by n
    having count(*) filter (year > 2024 - n) = n and count(*) filter (year < 2002 + n) = n
)
select max(ratio) filter (n = 3) as value, min(ratio) as low, max(ratio) as high,
    'six-digit codes: a change of elements within a code does not show; low and high over means of three and of five years' as note
from ratios;

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
    'batches whose published parts make the whole: '
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

-- C08 e
create view figures as select null::double as value;
select value, null::double as low, null::double as high, 'no count of licences after the plan of 2012' as note from figures;

-- C09 a
create view figures as
select year, quantity_t, document_id from rare_earth_magnets
where exporter = 'CHN' and importer = 'WLD' and basis = 'national_line' and quantity_t is not null;
select case when count(*) > 1 then max_by(quantity_t, year) / min_by(quantity_t, year) end as value, null::double as low, null::double as high,
    'years published by China Customs: ' || string_agg(year || ' ' || round(quantity_t)::int || ' t', ', ' order by year) as note
from figures;

-- C09 b
create view figures as
with oxide as (
    select year, max(exports_reo_low) as reo_low, max(exports_reo) as reo, max(exports_reo_high) as reo_high from quota_use group by year
)
select year, m.quantity_t as magnets_t, reo_low, reo, reo_high
from rare_earth_magnets m join oxide using (year)
where m.exporter = 'CHN' and m.importer = 'WLD' and m.basis = 'national_line' and m.quantity_t is not null and reo is not null;
with ratios as (
    select max_by(magnets_t / reo, year) / min_by(magnets_t / reo, year) as central,
        max_by(magnets_t / reo_low, year) / min_by(magnets_t / reo_low, year) as at_low,
        max_by(magnets_t / reo_high, year) / min_by(magnets_t / reo_high, year) as at_high
    from figures having count(*) > 1
)
select max(central) as value, max(least(central, at_low, at_high)) as low, max(greatest(central, at_low, at_high)) as high,
    'tonnes of magnets per tonne of oxide, with one factor at both ends: '
        || (select string_agg(year || ' ' || round(magnets_t / reo, 2), ', ' order by year) from figures) as note
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
with newest as (
    select as_of, max(month) as month from policy_in_force
    where actor = 'CHN' and layer = 'export_control' and as_of = (select max(as_of) from policy_in_force) group by as_of
), wanted as (
    select as_of, month from newest union all select as_of, (left(month, 4)::int - 5) || right(month, 3) from newest
)
select 'all in force' as basis, month, restrictions as acts, suspended
from policy_in_force join wanted using (as_of, month) where actor = 'CHN' and layer = 'export_control'
union all
select basis, month, acts, null
from policy_stance join wanted using (as_of, month)
where actor = 'CHN' and layer = 'export_control' and index = 'own_layer' and weights = 'rubric' and basis <> 'all';
with steps as (
    select basis, case when count(*) > 1 then max_by(acts, month) - min_by(acts, month) end as step,
        string_agg(acts || ' in ' || month, ', ' order by month) as held, max_by(suspended, month) as suspended
    from figures group by basis
)
select max(step) filter (basis = 'all in force') as value, min(step) as low, max(step) as high,
    string_agg(basis || ': ' || held, '; ' order by basis) || '; suspended besides: ' || coalesce(max(suspended), 0) as note
from steps;

-- C10 b
create view figures as
select element, announcement, status, controlled_since from controlled_elements
where as_of = (select max(as_of) from controlled_elements);
select case when count(*) > 0 then count(distinct element) filter (status = 'in_force') - count(distinct element) filter (controlled_since < '2021') end as value,
    null::double as low,
    case when count(*) > 0 then count(distinct element) filter (status in ('in_force', 'suspended'))
        - count(distinct element) filter (controlled_since < '2021') end as high,
    'in force: ' || coalesce(string_agg(distinct element, ' ' order by element) filter (status = 'in_force'), 'none')
        || '; suspended, counted in high: ' || coalesce(string_agg(distinct element, ' ' order by element) filter (status = 'suspended'), 'none')
        || '; the lists on record begin in 2023' as note
from figures;

-- C10 c
create view figures as
select month, quantity_t, quantity_change from trade_by_month
where reporter = 'CHN' and flow = 'export' and product = 'rare_earth_magnets' and kind = 'printed' and total_basis = 'world'
    and month between '2025-04' and '2026-03';
select median(quantity_change) as value, min(quantity_change) as low, max(quantity_change) as high,
    count(quantity_change) || ' of 12 months with the year before: '
        || coalesce(string_agg(month || ' ' || round(quantity_t)::int || ' t' || coalesce(' (' || round(100 * quantity_change) || ' %)', ''), ', ' order by month), 'none') as note
from figures;

-- C10 d
create view figures as
with newest as (
    select as_of, max(month) as month from policy_in_force
    where actor = 'CHN' and layer = 'export_control' and as_of = (select max(as_of) from policy_in_force) group by as_of
)
select p.month, restrictions_other_minerals as acts from policy_in_force p join newest n using (as_of)
where actor = 'CHN' and layer = 'export_control' and p.month in (n.month, (left(n.month, 4)::int - 5) || right(n.month, 3));
select case when count(*) > 1 then max_by(acts, month) - min_by(acts, month) end as value, null::double as low, null::double as high,
    string_agg(acts || ' in ' || month, ', ' order by month) as note
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
where "group" = 'rare_earth_magnets' and basis = 'value' and year in (2018, 2024) and bloc in ('USA', 'EUU', 'JPN', 'KOR', 'AUS', 'IND')
group by bloc;
select case when count(*) = 6 then count(*) filter (share_2024 - share_2018 >= 0.05) end as value, null::double as low, null::double as high,
    coalesce(string_agg(bloc || ' ' || round(share_2018, 2) || ' to ' || round(share_2024, 2), ', ' order by bloc), 'rare-earth magnets of 2018 are not on record by bloc') as note
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

-- C11 e
-- A measure of the European Union counts once for each member there, so Germany stands for all.
create view figures as
select publisher, "group", year, count from policy_counts
where year_state = 'whole' and year between 2014 and 2025
    and (measure = 'iea_cm_policies_naming_rare_earths_by_country' and "group" in ('United States', 'Canada', 'United Kingdom',
        'Germany', 'France', 'Italy', 'Japan', 'European Union', 'Korea', 'Australia', 'India')
    or measure = 'gta_subsidies_re_narrow_by_jurisdiction' and "group" in ('United States of America', 'Canada', 'United Kingdom',
        'Germany', 'Japan', 'Republic of Korea', 'Australia', 'India'));
with ratios as (
    select publisher, sum(count) filter (year >= 2020) as later, sum(count) filter (year < 2020) as earlier,
        sum(count) filter (year >= 2020) / nullif(sum(count) filter (year < 2020), 0) as ratio
    from figures group by publisher
)
select max(ratio) filter (publisher = 'IEA') as value, min(ratio) as low, max(ratio) as high,
    string_agg(publisher || ' ' || coalesce(earlier, 0) || ' to ' || coalesce(later, 0), ', ' order by publisher) as note
from ratios;

-- C12 a
create view figures as
select event_id, announced_on, counterparty, offer, content, legal_force, confidence, title,
    offer = 'china_offers' and confidence = 'high' as sure
from policy_events
where actor = 'CHN' and layer = 'cooperation_incentive' and direction = 'strengthens' and scope <> 'other'
    and actor_kind in ('state', 'both') and offer in ('china_offers', 'joint') and legal_force not in ('statement', 'company_act')
    and instrument <> 'statement';

with register as (select count(actor_kind) as acts from policy_events where actor = 'CHN'),
partners as (select event_id, sure, unnest(string_split(counterparty, ';')) as partner from figures)
select case when max(acts) > 0 then count(distinct partner) filter (sure) end as value, null::double as low,
    case when max(acts) > 0 then count(distinct partner) end as high,
    count(distinct event_id) || ' acts with ' || coalesce(string_agg(distinct partner, ', ' order by partner), 'nobody') as note
from register left join partners on true;

-- C12 b
create view figures as
select event_id, announced_on, counterparty, offer, content, legal_force, confidence, title,
    offer = 'china_offers' and confidence = 'high' as sure
from policy_events
where actor = 'CHN' and layer = 'cooperation_incentive' and direction = 'strengthens' and scope <> 'other'
    and actor_kind in ('state', 'both') and offer in ('china_offers', 'joint') and legal_force not in ('statement', 'company_act')
    and instrument <> 'statement';

with register as (select count(actor_kind) as acts from policy_events where actor = 'CHN'),
of_content as (select * from figures where regexp_matches(content, 'technology|training|processing_plant'))
select case when max(acts) > 0 then count(event_id) filter (sure) end as value, null::double as low,
    case when max(acts) > 0 then count(event_id) end as high,
    coalesce(string_agg(event_id || ' (' || content || ')', ', ' order by event_id), 'none') as note
from register left join of_content on true;

-- C12 c
create view figures as select null::double as value;
select value, null::double as low, null::double as high, 'most acts are younger than three whole years of trade' as note from figures;

-- C12 d
create view figures as
select event_id, announced_on, partner, offer, content, legal_force, confidence, title
from policy_events, unnest(string_split(counterparty, ';')) as t(partner)
where actor = 'CHN' and layer = 'cooperation_incentive' and direction = 'strengthens' and scope <> 'other'
    and actor_kind = 'firm' and legal_force <> 'statement';
with register as (select count(actor_kind) as acts from policy_events where actor = 'CHN')
select case when max(acts) > 0 then count(distinct partner) filter (confidence = 'high') end as value, null::double as low,
    case when max(acts) > 0 then count(distinct partner) end as high, count(distinct event_id) || ' acts of firms' as note
from register left join figures on true;

-- C13 a
create view figures as
select project, country, firm, start, stages, status, outcome from overseas_presence
where not comparator and part_of is null and outcome not in ('agreed', 'talks', 'not_realised', 'failed_bid')
    and case length(start) when 4 then start || '-12-31' when 7 then start || '-31' else start end < '2010-09';
with register as (select count(*) as projects from overseas_presence)
select case when max(projects) > 0 then count(project) end as value, null::double as low, null::double as high,
    string_agg(project || ' ' || start, ', ' order by start) as note
from register left join figures on true;

-- C13 b
create view figures as
select project, country, firm, start, stages, status, outcome from overseas_presence
where not comparator and part_of is null and outcome not in ('agreed', 'talks', 'not_realised', 'failed_bid')
    and case length(start) when 4 then start || '-12-31' when 7 then start || '-31' else start end < '2010-09';
with register as (select count(*) as projects from overseas_presence)
select case when max(projects) > 0 then count(distinct country) end as value, null::double as low, null::double as high,
    string_agg(distinct country, ', ' order by country) as note
from register left join figures on true;

-- C13 c
create view figures as
with sums as (
    select document_id, period_start as year, max(amount) filter (good = 'all rare earth raw materials') as all_t
    from feed_imports
    where origin_as_printed = 'WLD' and unit = 't' and not forecast and period_start = period_end and length(period_start) = 4
    group by all having all_t > 0
), goods as (
    select document_id, period_start as year, good, kind, max(amount) as good_t
    from feed_imports
    where origin_as_printed = 'WLD' and unit = 't' and not forecast and period_start = period_end and length(period_start) = 4
        and kind not in ('several', 'separated')
    group by all
)
select s.year, f.origin, g.good, g.kind, f.amount as percent_of_good, g.good_t, f.amount / 100 * g.good_t / s.all_t as share_of_feed
from feed_imports f
join goods g on g.document_id = f.document_id and g.year = f.period_start and g.good = f.good
join sums s on s.document_id = f.document_id and s.year = f.period_start
where f.unit = 'percent of tonnes' and f.period_start = f.period_end and f.origin is not null and f.origin <> 'WLD';
with newest as (select *, origin in ('MMR', 'LAO', 'MYS', 'VNM', 'MDG', 'USA') as asked from figures where year = (select max(year) from figures))
select sum(share_of_feed) filter (asked) as value, null::double as low, 1 - coalesce(sum(share_of_feed) filter (not asked), 0) as high,
    'of ' || max(year) || ', gross tonnes: ' || (select string_agg(origin || ' ' || round(share, 3), ', ' order by share desc)
        from (select origin, sum(share_of_feed) as share from newest group by origin)) as note
from newest having count(*) > 0
union all select null, null, null, 'no year with origins' where not exists (select 1 from figures);

-- C14 a
create view figures as
select e.event_id, e.announced_on, e.title, e.confidence, s.rank, s.kind, s.url,
    coalesce(d.publisher, regexp_extract(s.url, '^https?://(?:www\.)?([^/]+)', 1)) as publisher
from policy_events e join policy_sources s using (event_id) left join documents d using (document_id)
where e.layer = 'cooperation_incentive' and e.announced_on like '2025-10%' and e.stage like '%separation%'
    and ((e.actor = 'CHN' and contains(e.counterparty, 'MYS')) or (e.actor = 'MYS' and contains(e.counterparty, 'CHN')));
with counted as (
    select count(distinct publisher) as publishers, count(distinct publisher) filter (kind = 'official') as official,
        count(distinct publisher) filter (kind <> 'official') as others from figures
)
select nullif(publishers, 0) as value, official + least(others, 1) as low, publishers as high,
    (select coalesce(string_agg(distinct event_id, ', ') || '; texts: ' || string_agg(distinct publisher || ' (' || kind || ')', ', '), 'no such act')
        from figures) as note
from counted;

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
with newest as (
    select as_of, max(month) as month from policy_stance where as_of = (select max(as_of) from policy_stance) group by as_of
), coded as (
    select event_id, coder, max(value) filter (field = 'layer') as layer, max(value) filter (field = 'legal_force') as legal_force,
        max(value) filter (field = 'direction') as direction, max(value) filter (field = 'instrument') as instrument
    from policy_codes where coder in ('1', '2') and merged_into is null group by all
)
select basis, layer, acts from policy_stance join newest using (as_of, month)
where actor = 'CHN' and index = 'own_layer' and weights = 'rubric'
union all
select 'codes of coder ' || coder, c.layer, count(*)
from policy_events e join coded c using (event_id)
where e.actor = 'CHN' and e.status = 'in_force' and e.scope <> 'other' and e.confidence = 'high' and c.direction <> 'weakens'
    and c.legal_force not in ('statement', 'company_act')
    and (c.layer <> 'export_control' or c.instrument in ('export_quota', 'export_licence', 'export_ban', 'export_tax',
        'technology_export_ban', 'extraterritorial_rule', 'personnel_rule', 'informal_halt', 'list_designation'))
group by all;
with shares as (
    select basis, sum(acts) filter (layer in ('industrial_policy', 'cooperation_incentive', 'environmental_regulation')) / nullif(sum(acts), 0) as share,
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
