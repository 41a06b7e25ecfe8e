"""The command line: one file per command, thin; heavy libraries are imported when a command needs them."""
