"""Run the command line: ``python -m simulator.cli``, installed as ``adsim``."""

import sys

from simulator.apps.cli.main import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
