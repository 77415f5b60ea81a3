"""Evaluation (section 五 of the guide): schemes, panels of experts, scores, findings, decisions, what follows from
them."""
