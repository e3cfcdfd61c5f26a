"""Where a claim comes from: each public source once, cited by the pages that rely on it."""
