"""The audit log: records, proofs, verification, erasure."""
