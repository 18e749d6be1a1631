//! The same data as a table, JSON or CSV.
