"""tongket ("tổng kết"): the yearly review of a province's safety programme."""
