"""What an operator sees of NZC: a line a request, figures for Prometheus, traces. It knows no room."""
