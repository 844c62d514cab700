"""The published analysis: charts, labels, pages, sources and the data dictionary."""
