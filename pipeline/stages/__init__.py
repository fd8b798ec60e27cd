"""One module a stage, named like it; stages meet only in files."""
