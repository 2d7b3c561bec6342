"""The database itself: connections, tables, migrations, partitions, retention."""
