"""The domain of the Real-Time Risk Management System, shared by every deployable."""
