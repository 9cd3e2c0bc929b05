"""Copies of a desk's folder: two casebooks put together, a backup written, checked, and put back."""
