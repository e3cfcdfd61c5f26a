"""What a person may owe for a planned stay: exact decimals, a range where a fact is unknown, each assumption named.

Standard library only. `terms` is what is known, `worlds` what it may mean where something is not, `formula` one such
world worked out day by day, and `estimate` all of them together.
"""
