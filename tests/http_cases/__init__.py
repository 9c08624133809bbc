"""Requests as data in `requests`, and the applications and servers that they are sent to."""
