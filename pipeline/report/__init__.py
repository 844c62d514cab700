"""The published analysis: charts, pages, the data dictionary."""
