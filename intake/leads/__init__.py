"""The queue: leads, contact rules, claims, calls, the timeline. It may touch callbacks, alerts and privacy."""
