"""Thin Dagster assets: `wiring` says which function makes which table; the rest turns that into assets."""
