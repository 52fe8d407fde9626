"""What crosses the network: the bodies, answers, views and messages of the hall. It imports nothing of ours."""
