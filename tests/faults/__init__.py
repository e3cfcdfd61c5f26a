"""Faults that are done to the running product. `make test` does each in short, and `make test-faults` at length."""

import os

AT_LENGTH = os.environ.get("FAULTS") == "at_length"
