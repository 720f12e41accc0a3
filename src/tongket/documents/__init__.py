"""How does what the domain says become a file: Word, PDF, Excel, a chart?

`word.write` and `pdf.write` draw a `reports.Report`; `charts` draws a `reports.Chart`;
`workbooks` carries returns to Excel and back. None of them computes a figure.
"""
