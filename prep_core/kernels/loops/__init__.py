"""Loops for Numba.  Imported beside the work, by `prep_core.kernels.switch` alone: importing Numba takes a while.

A module here imports nothing of prep_core but `declared`: Numba keeps machine code as long as the file that it was made
of is the same, and does not look at other files.
"""
