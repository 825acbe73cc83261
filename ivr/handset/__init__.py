"""The telephone in the page: the same webhooks as the provider's, unsigned, dialling nobody.

May import `provider`.
Begin reading at `page.py`, then `static/handset.js`.
"""
