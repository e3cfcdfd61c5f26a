"""Pictures that pages show: who made each, by what right we show it, and what it says to who cannot see it."""
