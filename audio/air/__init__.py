"""What is missing is rendered, and an edition goes on the air: all of it or nothing.

May import `words`, `speech`, `voices` and `sound`.
Begin reading at `production.py`, then `plan.py`, `render.py` and `publish.py`.
"""
