"""One function per question that a lesson asks: configs in, records out. Nothing inside resnet_core imports these."""
