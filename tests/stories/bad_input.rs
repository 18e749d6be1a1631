//! Bad input: a clear message, nothing lost, nothing let through.
