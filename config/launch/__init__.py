"""What `make run` does around the server. It may import anything; nothing that serves a request imports it."""
