"""What operators need: the number at the provider, what is kept elsewhere, and the preflight.

May import every room of the line but `handset` and `call_map`. No call passes through here.
Begin reading at `preflight.py`.
"""
