"""Benchmarks: run by hand (``make bench``, ``python -m tests.benchmarks``), never by the tests; the data are synthetic.

Every module has ``WAYS``: by name the functions that do one job in several ways, each from a folder with a study and in
a process of its own. They return sums by which the ways are compared. The first way is what the others are held to.
"""
