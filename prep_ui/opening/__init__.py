"""How scans come in: uploads, questions about them, and corrections."""
