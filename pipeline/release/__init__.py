"""Dataset releases: `package` makes one, `verify` checks one.

`commit` names the state of the code, `descriptor` writes datapackage.json from the table classes, `texts` what people read,
`archive` the checksums and the archive.
"""
