"""Keys, sealed boxes, encrypted fields and the look-up index. It imports no other room, and no room works around it."""
