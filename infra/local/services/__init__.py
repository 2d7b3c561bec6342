"""Services on this machine: Postgres, Valkey, and the emulators of AWS."""
