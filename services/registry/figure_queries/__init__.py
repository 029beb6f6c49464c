"""What figures and reports read from the database: counted there, in one pass a question."""
