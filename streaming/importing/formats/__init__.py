"""File formats that can be imported: delimited text, Excel, Parquet, JSON lines, ISO 20022 XML, and S3 objects."""
