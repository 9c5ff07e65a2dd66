"""What an experiment is asked, as frozen values that check themselves. No torch: a page asks before it computes."""
