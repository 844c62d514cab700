"""Pure functions: tidy tables in, derived tables out. One function a table, named as the table.

A parameter named after a table receives it. Nothing here opens a file or knows Dagster or Great Expectations.
"""
