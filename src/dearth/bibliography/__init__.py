"""The works that figures, forms and methods rest on, and how well each figure is known."""
