"""Deliver ("phần mềm gửi báo cáo"): what does a program send, and what becomes of it?

`parcels` reads the values, `places` finds the return that each is for, `sending`
compares with what stands there and sends, `outcomes` says what may become of it.
"""
