"""Text as written becomes text as said, by small rules in order.

Pure: imports nothing else of the project.
Begin reading at `speakable.py`, whose last lines list the rules.
"""
