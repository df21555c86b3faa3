"""What a territory is expected to earn: a year in means instead of luck, week by week through the rules of `sim`."""
