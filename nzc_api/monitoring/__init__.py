"""Monitoring: what pilots use, emit and pay by steps of time, and what that is per square metre, person or product."""
