"""The whole hall: the real server, real sockets and disks, and the proof that it kept its word."""
