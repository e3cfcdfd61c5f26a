"""Wiring: settings, addresses by role, sign-in rules and start-up. It holds no behaviour of the product."""
