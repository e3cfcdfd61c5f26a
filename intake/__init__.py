"""What a person tells us in confidence, and what staff do about it."""
