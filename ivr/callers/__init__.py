"""The line's memory: where callers left off, and counts of how the line is used.

Imports nothing else of the project but its errors; the flow never imports it.
Begin reading at `callers.py`.
"""
