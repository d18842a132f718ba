"""Published development instructions, read in place where they lie beside the project, mapped to our scenes."""
