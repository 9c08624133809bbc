"""Terraform: its language, its JSON syntax, plans and states."""
