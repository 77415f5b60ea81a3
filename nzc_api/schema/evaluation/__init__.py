"""Evaluations: schemes, panels, scores, findings, decisions, what follows from them."""
