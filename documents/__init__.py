"""What leaves the office: filings, exports and letters."""
