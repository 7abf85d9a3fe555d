"""The two front ends: the command line and the web app."""
