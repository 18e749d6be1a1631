//! Decide, carry out, and never twice.
