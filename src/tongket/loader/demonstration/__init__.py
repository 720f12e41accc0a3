"""What happened in the demonstration year?

A seeded generator: the same pack and seed give the same year on every machine and
every Python from 3.11. Only the totals of the province that are marked published or
derived are real; everything below is invented, and shown as invented.
"""

from tongket.loader.demonstration.following import (
    Account,
    accounts,
    plan_filing,
    plan_steps,
    proposals,
)
from tongket.loader.demonstration.returns import returns
from tongket.loader.demonstration.sendings import HANOI, SyntheticReturn
from tongket.loader.demonstration.year import Demo, DemoRefused, Total, load_demo

__all__ = [
    "HANOI",
    "Account",
    "Demo",
    "DemoRefused",
    "SyntheticReturn",
    "Total",
    "accounts",
    "load_demo",
    "plan_filing",
    "plan_steps",
    "proposals",
    "returns",
]
