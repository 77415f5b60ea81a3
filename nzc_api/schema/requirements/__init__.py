"""The guide's requirements, and how far pilots meet them."""
