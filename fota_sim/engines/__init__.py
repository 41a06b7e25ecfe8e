"""The engines that play the rules, and the record that they leave."""
