"""Background work: a child process that says how far it is and can be ended at any moment."""

from simulator.apps.web.jobs.runner import Job

__all__ = ["Job"]
