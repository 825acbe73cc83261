"""The telephones: one in a page, one in a terminal. Both ring nobody but the line.

The page uses the provider's webhooks, unsigned. May import `provider` and what lies below it.
Begin reading at `page.py` and `static/handset.js`, or at `terminal.py` and `phone.py`.
"""
