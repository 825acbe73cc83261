"""The call map: every step, how long its words take, and where each key leads.

May import `call` and `edition`.
Begin reading at `stops.py`.
"""
