"""What writes pages of the documents from the code."""
