"""Dataset releases: `package` makes one, `verify` checks one.

`commit` identifies the state of the code, `descriptor` writes datapackage.json from the table classes, `texts` the files for
readers, `archive` the checksums and the archive.
"""
