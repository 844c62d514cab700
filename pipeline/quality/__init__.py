"""What a valid table can still get wrong: expectations judged once over the finished tables, reported in sentences.

`expectations` declares what is expected and why, a module a subject; `run` lets Great Expectations judge it and makes the
Data Docs; `data_docs` makes those pages readable without a network; `row_counts` compares tables with their reviewed number
of rows. Only `run.run` imports Great Expectations, which costs seconds.
"""
