"""How raw inputs come in: the lock, packages, transcribed tables, corrections, country names and publishers' words.

Machinery only: what one publisher prints and how it parses stands in pipeline/sources/.
"""
