"""X12 eligibility: reads answers (271) and writes requests (270). Standard library only; it imports nothing of ours."""
