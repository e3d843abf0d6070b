"""The rules: pure functions and values, without input, output or a clock of their own."""
