"""Staff's changes to content/, an entry at a time, and articles that are brought in.

May import `words`, `speech` and `voices`; never `air`, as saving changes nothing on the air.
Begin reading at `saving.py`.
"""
