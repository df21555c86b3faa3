"""The behaviour equations: the only copy of each, one file a theme, plain scalar functions.

Floats and integers in, floats and integers out. Both engines call the very same objects.
"""
