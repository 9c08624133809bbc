"""What every other package may use: exact JSON types, spelling, printing, and extras. Imports nothing of ours."""
