"""Coverage of a lead and what the payer said about it. It may touch leads, alerts and privacy."""
