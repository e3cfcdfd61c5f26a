"""What the desk did, in figures. None of them ranks people (docs/decisions)."""
