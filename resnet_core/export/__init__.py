"""An experiment to take home: its code, the question and the data in one file, with nothing of ours to install.

Source is read as text. The experiments are not imported here, and nothing is run.
"""
