"""The line: what happens during a call, from a published edition alone.

A call goes up through the rooms: `edition` (what can be heard), `call` (the flow, pure),
`provider` (TwiML, webhooks, sound) and `handset` (telephones in a page and in a terminal).
`call_map` draws the flow. Nothing here imports `audio`; `settings.py` and `errors.py` lie below
every room.
Begin reading at `call/flow.py`.
"""
