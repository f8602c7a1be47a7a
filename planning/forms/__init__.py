"""Shapes: what is typed becomes what a service takes."""
