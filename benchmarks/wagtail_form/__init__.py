"""A site of Wagtail's own: one form page that asks what ours asks, and stores the answers as Wagtail stores them."""
