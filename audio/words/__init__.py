"""The content folder, read and checked whole: everything, or every fault at once.

May import `speech` (pronunciations, the spoken form) and `voices` (recordings).
Begin reading at `source.py`.
"""
