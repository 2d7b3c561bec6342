"""A world of payments that judges: made apart from the simulator that the shipped model learns from.

Customers live (households, salaries, travel, new phones, pensions, businesses), and seven kinds of fraud happen among
them. Its ingredients (shares of fraud, how careful fraudsters are, what is missing) are drawn by the seed, so that
each seed is another world. Nothing that scores or trains may import this package: who knows the judge writes for it.
"""
