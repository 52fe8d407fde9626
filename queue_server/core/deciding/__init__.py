"""What each command comes to, one module per part of the hall; `decide` calls them."""
