"""What is remembered of accounts and counterparties, and the feature vector computed from it.

Pure: profiles, sliding windows, amount statistics, label history. Imports ``risk.domain`` alone.
"""
