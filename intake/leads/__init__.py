"""Leads: contact rules, queue, acts, timeline, search. It may touch callbacks, phone, privacy and facilities."""
