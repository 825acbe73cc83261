"""What is said becomes sound: each engine is a module, and so is a person who was recorded.

Imports nothing else of `audio`.
Begin reading at `voice.py` (what a voice is), then `engines.py` (which there are).
"""
