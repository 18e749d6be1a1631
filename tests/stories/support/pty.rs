//! The real program in a terminal emulator.
