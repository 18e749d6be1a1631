//! The rooms that are fuzzed, without the rest of the project and what that needs.

#![allow(missing_docs, dead_code)]

#[path = "../src/classify/mod.rs"]
pub mod classify;
#[path = "../src/domain/mod.rs"]
pub mod domain;
#[path = "../src/iam/mod.rs"]
pub mod iam;
#[path = "../src/trust/mod.rs"]
pub mod trust;

pub mod bodies;
pub mod inputs;
pub mod signatures;
