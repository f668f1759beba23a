"""What every process of a killed run would do anew: the table by which characters are folded."""

from flows.similarity.fold import fold

fold("文")
