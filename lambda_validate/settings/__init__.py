"""Settings of the commands: what files, variables of the environment and defaults say."""
