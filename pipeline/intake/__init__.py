"""How raw inputs come in: the lock, packages, transcribed tables, corrections, country names and publishers' words.

Machinery only: what one publisher publishes and how it is parsed is in pipeline/sources/.
"""
