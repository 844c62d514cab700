"""Figure functions: tables in, a figure out, or None where there is no row to draw."""
