"""Plans of other systems, read from what those systems export: a module a system (docs/import.md)."""
