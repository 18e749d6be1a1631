//! The table, printed line by line while it grows.

use std::time::Duration;

/// What was measured so far.
#[derive(Debug, Default)]
pub struct Table {
    lines: usize,
    missed: Vec<String>,
}

impl Table {
    /// A line without a target.
    pub fn told(&mut self, what: &str, measured: &str) {
        self.line(what, measured, "", true);
    }

    /// A line with a target.
    pub fn line(&mut self, what: &str, measured: &str, target: &str, met: bool) {
        if self.lines == 0 {
            println!("\n{:<58} {:>22}   target", "what", "measured");
        }
        self.lines += 1;
        let verdict = if met { "" } else { "   MISSED" };
        println!("{what:<58} {measured:>22}   {target}{verdict}");
        if !met {
            self.missed.push(what.to_owned());
        }
    }

    /// A time with a limit.
    pub fn time(&mut self, what: &str, taken: Duration, limit: Duration) {
        self.line(what, &shown(taken), &format!("≤ {}", shown(limit)), taken <= limit);
    }

    /// Memory in MB (10⁶ bytes) with a limit.
    pub fn memory(&mut self, what: &str, bytes: u64, limit: u64) {
        let megabytes = |bytes: u64| format!("{} MB", bytes.div_ceil(1_000_000));
        self.line(what, &megabytes(bytes), &format!("≤ {}", megabytes(limit)), bytes <= limit);
    }

    /// Median, 99th percentile and slowest of some times.
    pub fn spread(&mut self, what: &str, mut times: Vec<Duration>, limits: (Duration, Duration)) {
        times.sort();
        let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
        self.time(&format!("{what}: median"), at(50), limits.0);
        self.time(&format!("{what}: p99"), at(99), limits.1);
        self.told(&format!("{what}: slowest of {}", times.len()), &shown(at(100)));
    }

    /// Says what was missed. A missed target is for a person to judge on a quiet machine, so it is
    /// no failure.
    pub fn end(&self) {
        match self.missed.as_slice() {
            [] => println!("\nevery target is met"),
            missed => {
                println!("\n{} of {} missed: {}", missed.len(), self.lines, missed.join("; "))
            }
        }
    }
}

/// `1.25 s`, `3.1 ms`, `420 µs`.
pub fn shown(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    match micros {
        ..1_000.0 => format!("{micros:.0} µs"),
        ..1_000_000.0 => format!("{:.1} ms", micros / 1e3),
        _ => format!("{:.2} s", micros / 1e6),
    }
}
