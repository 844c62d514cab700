"""Parsers from raw files to tidy frames: one module a publisher, or one a table that joins several publishers' figures.

- A publisher each: `baci`, `comtrade`, `usgs`, `world_bank`, `world_mining_data`.
- A subject each, from several publishers: `china`, `conversion_factors`, `facilities`, `monthly_trade`, `prices`, `processing`,
  `production` with `printed_production`, and the register of policy acts in `policy_register` and `policy_evidence`.
- `reviewed`: our own reviewed tables.

To add a source: an entry in data/raw/sources.yml and a module here with one function a tidy table.
Nothing here knows Dagster or Great Expectations.
"""
