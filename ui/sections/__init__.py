"""Parts of pages: one experiment each, with its words, controls, figure and code. A page puts them in order."""
