"""The Serverless Framework."""
