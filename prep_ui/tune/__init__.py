"""The page Tune: the cards of the recipe, their parameters, and the histograms that steer them."""
