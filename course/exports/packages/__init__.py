"""The course as packages for the learning platforms of others. See docs/decisions/017."""
