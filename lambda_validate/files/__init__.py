"""Regular files, folders, and writing that never leaves half a file behind. Imports nothing of ours."""
