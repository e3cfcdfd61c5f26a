"""Asks a clearinghouse over HTTPS whether a plan covers somebody: the v3 JSON that Stedi and Optum share.

Off unless it is configured. `place` says whom we ask, `wording` makes the body of a request and reads that of a reply,
`client` sends one and says what came of it. Bodies are never logged, and no request is ever sent a second time by
itself: each may be charged.
"""
