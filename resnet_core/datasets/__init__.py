"""One loader per data set: files in, pictures and labels in NumPy arrays out. Nothing here needs torch."""
