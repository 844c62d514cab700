"""Forecasts of the next edition's figures, frozen before it appears and scored when it is there (docs/methods/forecasts.md)."""
