"""Search over the texts of a package: lessons by section, terms, contacts, tools and cases."""
