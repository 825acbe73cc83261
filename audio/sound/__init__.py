"""Sound becomes clips for the phone: trimmed, equally loud, at every speed, and checked.

May import `voices` (what a sound is).
Begin reading at `mastering.py`; its numbers are in `recipe.py`.
"""
