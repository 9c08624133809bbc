"""The check in front of an application or a gateway: one module a protocol, each only moves bytes."""
