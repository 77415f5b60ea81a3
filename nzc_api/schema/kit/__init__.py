"""What every topic is written with: ids, scalars, connections, nodes, context; it knows no topic."""
