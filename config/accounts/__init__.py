"""The accounts of staff: sign-in, second factor, roles as text. It may touch config.edge, and nothing of the apps."""
