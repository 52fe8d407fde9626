"""One file for each device type: options, codec, driver, simulator, and KIND. No driver knows another."""
