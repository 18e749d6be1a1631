//! Everything the console does, a command does too.
