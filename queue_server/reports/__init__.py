"""Pure folds of the journal: waiting, service and ratings, recomputable for ever."""
