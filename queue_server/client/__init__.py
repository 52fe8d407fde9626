"""The server's own client, for kiosks and lobby screens: it knows the wire and nothing else of ours."""
