"""The line: what happens during a call.

Works from a published edition alone. Nothing here imports `audio`, and the
flow of the call (`content`, `edition`'s objects, `hours`, `position`, `steps`,
`flow`) imports no Flask, no Twilio, no clock and no disk; tests enforce both.
"""
