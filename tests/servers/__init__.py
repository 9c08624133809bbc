"""Servers for the tests of fuzzing: a right one, wrong ones and bad ones, on free ports of the loopback interface."""
