"""How the line is used, in counts that know no caller.

Imports nothing else of the project; the flow never imports it.
Begin reading at `counts.py`.
"""
