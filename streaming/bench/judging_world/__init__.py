"""A world of payments for judging, made independently of the simulator that the shipped model learns from.

It simulates everyday life (households, salaries, travel, new phones, pensions, businesses) and seven kinds of fraud.
Its parameters (shares of fraud, how careful fraudsters are, missing fields) are drawn from the seed, so that
each seed is another world. Nothing that scores or trains may import this package: models must not be tuned to it.
"""
