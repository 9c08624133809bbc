"""The command `serve`: the check service for gateways as a process of its own. Needs the extra `serve`."""
