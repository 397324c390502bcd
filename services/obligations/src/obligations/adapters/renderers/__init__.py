"""The forms in which a NOTICE is printed. They loop and print; what is in it was decided before."""
