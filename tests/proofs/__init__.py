"""The proofs: one module for each promise of docs/reliability.md.

Each has a long form, which `python -m tests.proofs NAME` runs and writes into that page, and a
short one of the same code, which is a test. Begin at `tests/proofs/record.py`.
"""
