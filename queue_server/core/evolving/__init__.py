"""How each event changes the board, one module per part of the hall; `evolve` calls them."""
