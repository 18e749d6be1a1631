//! What a command, plan, manifest, query or diff would do: its `Effect`s.
//!
//! Nothing is classified yet: a command is shown whole and counts as opaque.
