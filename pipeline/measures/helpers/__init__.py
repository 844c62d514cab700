"""What several measures share; the modules beside this folder are the measures, one a table."""
