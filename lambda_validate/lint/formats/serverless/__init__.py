"""The Serverless Framework: `functions` reads the functions and events of a service, `service` evaluates its values."""
