//! Where a test stops a process between two steps of a decision, to kill it there.

/// Stops this process for good when it comes to the step that `COUNTERSIGN_TEST_HALT` names, so
/// that a test can kill it exactly there. Steps are named by what was done last: `asked`, `waiting`,
/// `decided`, `ordered`, `taken`, `starting`, `running`, `settled`; or by what is being written and
/// not yet kept: `asking`, `deciding`, `taking`, `settling`. Not part of a release build.
#[cfg(debug_assertions)]
pub fn halt(step: &str) {
    use rustix::process::{Signal, getpid, kill_process};
    if std::env::var_os("COUNTERSIGN_TEST_HALT").is_some_and(|named| named == step) {
        // Whoever waits for it sees a stopped process; and should it ever go on, it sleeps.
        let _ = kill_process(getpid(), Signal::STOP);
        loop {
            std::thread::park();
        }
    }
}

/// Nothing, outside of tests.
#[cfg(not(debug_assertions))]
pub const fn halt(_: &str) {}
