"""HTTP: the only layer that knows the request."""
