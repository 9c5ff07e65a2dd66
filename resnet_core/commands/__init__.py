"""What the commands of `python -m resnet_core` do. Each yields lines; printing them is left to __main__."""
