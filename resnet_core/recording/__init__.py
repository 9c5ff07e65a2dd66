"""Long training runs whose outcome is shipped, with what it takes to make them again and to check them."""
