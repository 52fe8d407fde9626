"""The hall over HTTP and WebSocket: bodies become commands, outcomes become answers, commits become views."""
