"""The edition, where the two halves meet: what callers can hear, and where it is kept.

Imports nothing else of the project but `errors`.
Begin reading at `content.py` and `edition.py` (frozen values), then `store.py`.
"""
