"""What goes over HTTP: GraphQL, also as server-sent events and on WebSocket; files that come and go; and GraphiQL."""
