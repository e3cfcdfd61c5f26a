"""What the public reads and staff edit. It imports nothing of intake."""
