"""Read serverless.yml: `functions` reads functions and their events, and `service` evaluates variables in values."""
