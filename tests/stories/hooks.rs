//! Hooks of agent hosts: the real program is asked as each host asks it, and a model of the host,
//! written from what the host publishes, says whether the tool would run.
//!
//! ```text
//!   fixtures/hooks/HOST/*.json ─▶ sh -c "countersign gate hook HOST" ─▶ status, stdout, stderr
//!                                     (opencode: node, with our plugin)        │
//!                                                       model::runs(HOST, …) ◀─┘
//! ```

mod contract;
mod faults;
mod host;
mod model;
mod plugin;
mod shapes;
