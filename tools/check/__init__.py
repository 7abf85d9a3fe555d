"""What checks the project: its rooms, its documents, its parameters, its model, its images."""
