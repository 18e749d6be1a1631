//! Reviewers, their SSH signatures, and the quorum check.
//!
//! Decisions are not signed yet; every place that shows one says so ("unsigned").
