"""Ground floor: errors, checks of input, files, JSON, the vocabulary of metrics, the version of the model."""
