"""The studio: words become sound, and editions go on the air, all before any call.

Words go up through the rooms: `words` (content/ read and checked), `speech` (text to what is
said), `voices` (what is said to sound), `sound` (sound to clips, checked), `air` (render,
publish, editions). `desk` is staff's changes to content/, and `web` is the pages for them.
Of `ivr`, only `edition` and `errors` are used.
Begin reading at `air/plan.py`, which names every step from a sentence to a clip.
"""
