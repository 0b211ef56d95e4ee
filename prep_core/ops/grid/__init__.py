"""Steps that change the grid."""
