"""The load suite: how many SBOMs a second, how long each waits, and where the time goes."""
