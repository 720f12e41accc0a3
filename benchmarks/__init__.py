"""How fast is it, and is anything lost? Each module asks one question and prints it.

`make bench` runs them all, `python -m benchmarks.rush` one; README.md tells what each
is compared with.
"""
