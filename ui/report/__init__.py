"""The printable report of a page: what was drawn, asked, predicted and answered, in one HTML file that needs no net."""
