"""The whole system on this machine: embedded services, the emulator, and the processes that use them."""
