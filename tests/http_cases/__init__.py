"""Define requests as data in `requests`, and the applications and servers that receive them."""
