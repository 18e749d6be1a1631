//! What AWS principals may do and how far they get, asked from the command line.

pub(crate) mod accounts;
mod audit;
mod questions;
