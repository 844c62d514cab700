-- The toy world's queries.

-- C01 a
create view figures as
select m.china_share - r.china_share as step
from stage_concentration m join stage_concentration r using (source_id, edition)
where m.stage = 'mining' and r.stage = 'reserves' and m.year = 2024;
select step as value, null::double as low, null::double as high, '2024' as note from figures;

-- C02 a
create view figures as
select hhi from export_concentration where year = 2024 and hs6 = '850511' and basis = 'value';
select hhi as value, null::double as low, null::double as high, '2024' as note from figures;

-- C02 b
create view figures as select null::double as value;
select value, null::double as low, null::double as high, null::text as note from figures;

-- C03 a
create view figures as
select distinct importer from trade_flows where year = 2024 and exporter = 'MYS' and hs6 = '284690';
select count(*) as value, null::double as low, null::double as high, '2024' as note from figures;

-- C03 b
create view figures as
select year, china_share from export_concentration where hs6 = '280530' and basis = 'value';
select max_by(china_share, year) as value, null::double as low, null::double as high, max(year) || '' as note from figures;

-- C03 c
create view figures as
select exporters from export_concentration where year = 2024 and hs6 = '850511' and basis = 'value';
select exporters as value, exporters as low, exporters as high, '2024' as note from figures;

-- C04 a
create view figures as
select year, china_share from export_concentration where hs6 = '280530' and basis = 'value' and year = 2024;
select china_share as value, 0.9 as low, 1 as high, '2024' as note from figures;
