"""Small areas: deaths by district and month from surveys, predictors and denominators."""
