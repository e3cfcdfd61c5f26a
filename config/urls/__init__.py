"""Addresses by role: each module here is the whole table of one role, and `parts` holds what they share."""
