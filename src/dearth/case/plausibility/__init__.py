"""Series of a case compared with each other: figures that are impossible, or only unlikely."""
