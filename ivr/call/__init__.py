"""The flow of a call, a pure function: (edition, step, event, now) to reply.

No Flask, no Twilio, no clock, no disk: of `edition` it may import the frozen values alone.
Begin reading at `flow.py`; each scene reads as a caller hears it.
"""
