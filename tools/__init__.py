"""Scripts that install, run, build and check; no part of the installed package."""
