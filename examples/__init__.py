"""Short programs that use the package; they run in the tests."""
