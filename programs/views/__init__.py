"""Pages of programs, activities and their review."""
