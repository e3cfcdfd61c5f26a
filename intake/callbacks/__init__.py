"""The visitor's side: the form, the sealing, the receipt. It may touch privacy, and knows nobody above it."""
