"""Certificates of retirements (注销证明)."""
