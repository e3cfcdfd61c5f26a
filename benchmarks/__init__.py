"""The benchmarks: how fast Quietline is beside the plainest program that could do the same work on the same machine."""
