"""Telephone providers: TwiML, their signature, the webhooks, and the sound they fetch.

May import `call` and `edition`.
Begin reading at `webhooks.py`.
"""
