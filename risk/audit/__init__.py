"""The tamper-evident audit log: canonical records, the Merkle tree over them, signed checkpoints, verification.

Pure. Imports ``risk.domain`` alone.
"""
