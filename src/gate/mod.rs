//! The agent's side: a process waits here until a person has decided.
