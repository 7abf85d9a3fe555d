"""Parts of the pages: each draws one thing from what it is given."""
