"""Kernels: the few operations on arrays that are worth compiling.

Each is a NumPy function in a module of this folder, and a loop of the same name and arguments in the module of the same
name in `loops`.  The two give the same bits (decision 0022), so it does not matter which of them is called: until the
loops are compiled the NumPy function is, and with ``PREP_KERNELS=plain`` always.
"""
