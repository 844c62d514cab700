"""One module a publisher: what it publishes, how its files are obtained, how they parse into tidy frames.

`lock` reads data/raw/sources.yml, the reviewed list of every input. To add a source: an entry there and a
module here with one function a tidy table. Nothing here knows Dagster or Great Expectations.
"""
