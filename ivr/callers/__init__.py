"""The line's memory: where callers left off, and counts of how the line is used.

Imports of the project only errors, and the content for its names; the flow never imports it.
Begin reading at `callers.py`.
"""
