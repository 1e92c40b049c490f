"""People: registers of births and deaths, and what registration does to them."""
