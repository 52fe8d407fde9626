"""What people read and hear, in Vietnamese and English, for the server and the screens alike."""
