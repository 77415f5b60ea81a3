"""What NZC's speed is measured with: every figure is a ratio against a yardstick of the same minute."""
