"""What people do here: one function for each use, named by its verb. They own the transaction."""
