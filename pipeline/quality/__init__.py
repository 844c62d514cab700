"""What a correct-looking table can still get wrong: judged once over the finished tables, told in words.

`expectations` declares what is expected and why, `run` lets Great Expectations judge it and makes the Data Docs,
`data_docs` makes those pages readable without a network, `row_counts` holds tables to their reviewed number of rows.
To add an expectation, add one to EXPECTATIONS. Only `run.run` imports Great Expectations, which costs seconds.
"""
