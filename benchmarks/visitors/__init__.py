"""Visitors of flesh and blood, imitated: browsers that speak the app's own protocol, and students who use them."""
