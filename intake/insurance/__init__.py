"""Coverage of a lead and what the payer said about it. It may touch leads and what leads may."""
