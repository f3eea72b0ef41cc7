"""Every experiment of this folder is tested."""
