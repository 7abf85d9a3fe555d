"""What makes environments: locks, licences, a browser for the tests. Plain Python, before any package is there."""
