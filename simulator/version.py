"""The version of the model: changes whenever a formula or a shipped figure changes a result."""

MODEL_VERSION = "0.1.0"
