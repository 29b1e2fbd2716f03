"""Predictions in the forms a newsroom uses."""
