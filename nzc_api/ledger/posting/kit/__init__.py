"""What verbs are written with: what one consists of, and the pieces that several need. Pure."""
