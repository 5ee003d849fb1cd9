"""How single kinds of Elastic Load Balancing are read; `elb` puts them together."""
