"""The two engines, and the citations that statements rest on."""
