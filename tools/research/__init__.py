"""Studies behind the shipped figures, each with its question, its command and what it found: README.md."""
