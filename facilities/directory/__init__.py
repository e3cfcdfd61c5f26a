"""The facility, its phone lines and who answers them, the crisis lines, and the payers."""
