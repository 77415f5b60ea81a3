"""Certificates of retirements (注销证明): made of the postings as of a position, and proven by the log's tree."""
