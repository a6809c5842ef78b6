"""The figures: `make bench` prints ratios against peers, taken in one run on one machine. Never part of the tests."""
