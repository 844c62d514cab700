"""The pages of the site, a module a kind: each has functions that take the tables and return pages."""
