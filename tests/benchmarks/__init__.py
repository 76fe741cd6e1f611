"""Benchmarks: run by hand (``python -m tests.benchmarks.ingest``), never by the tests; the data are synthetic."""
