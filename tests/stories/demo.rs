//! The embedded world and the waiting agent.
