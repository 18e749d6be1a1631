//! The console on 100,000 actions: the real program on a terminal, and frames by themselves.

use super::{
    audit::peak,
    table::{Table, shown},
};
use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};
use std::{
    io::{Read as _, Write},
    path::Path,
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::{Duration, Instant},
};

/// How every frame ends: the end of a synchronized update (DEC private mode 2026).
const FRAME_END: &[u8] = b"\x1b[?2026l";

/// The real program on a terminal of 120×40.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    keyboard: Box<dyn Write + Send>,
    chunks: Receiver<(Instant, Vec<u8>)>,
    screen: vt100::Parser,
    /// When it was started.
    pub began: Instant,
    _master: Box<dyn portable_pty::MasterPty + Send>,
}

impl Terminal {
    /// Starts the console with a configuration.
    pub fn start(home: &Path, config: &str) -> Self {
        let file = home.join("config.toml");
        std::fs::write(&file, config).unwrap();
        let size = PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_countersign"));
        command.args(["--config", file.to_str().unwrap()]);
        command.env_clear();
        for (name, value) in [
            ("PATH", "/usr/bin:/bin"),
            ("TERM", "xterm-256color"),
            ("LANG", "C.UTF-8"),
            ("TZ", "UTC"),
            ("HOME", home.to_str().unwrap()),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
        ] {
            command.env(name, value);
        }
        command.cwd(home);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keyboard = pair.master.take_writer().unwrap();
        let (sender, chunks) = channel();
        std::thread::spawn(move || {
            let mut buffer = vec![0; 65_536];
            while let Ok(count) = reader.read(&mut buffer) {
                let chunk = (Instant::now(), buffer[..count].to_vec());
                if count == 0 || sender.send(chunk).is_err() {
                    break;
                }
            }
        });
        let began = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let screen =
            vt100::Parser::new(40.try_into().expect("rows"), 120.try_into().expect("columns"), 0);
        Self { child, keyboard, chunks, screen, began, _master: pair.master }
    }

    /// Waits for the next whole frame: when its last byte came, and how many bytes came.
    pub fn frame(&mut self) -> (Instant, usize) {
        let (mut bytes, mut tail) = (0, Vec::new());
        loop {
            let (at, chunk) = self
                .chunks
                .recv_timeout(Duration::from_mins(1))
                .unwrap_or_else(|why| panic!("no frame ({why}):\n{}", self.text()));
            bytes += chunk.len();
            self.screen.process(&chunk);
            tail.extend_from_slice(&chunk);
            if tail.ends_with(FRAME_END) {
                return (at, bytes);
            }
        }
    }

    /// Takes whatever comes for a while.
    pub fn settle(&mut self, time: Duration) {
        let end = Instant::now() + time;
        loop {
            match self.chunks.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok((_, chunk)) => self.screen.process(&chunk),
                Err(RecvTimeoutError::Timeout) => return,
                Err(RecvTimeoutError::Disconnected) => panic!("it ended:\n{}", self.text()),
            }
        }
    }

    /// Presses a key; the time until the last byte of the frame that answers it, and its bytes.
    pub fn press(&mut self, key: &str) -> (Duration, usize) {
        self.settle(Duration::ZERO);
        let began = Instant::now();
        self.keyboard.write_all(key.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
        let (at, bytes) = self.frame();
        (at.saturating_duration_since(began), bytes)
    }

    /// What is on the screen.
    pub fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// The most memory it has had, in bytes.
    pub fn peak(&self) -> u64 {
        peak(&self.child.process_id().unwrap().to_string())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How many rows the filter lets through, as the title of the list says.
fn listed(text: &str) -> Option<String> {
    let line = text.lines().find(|line| line.contains(" of 100,000"))?;
    line.split(" of 100,000").next()?.split_whitespace().last().map(str::to_owned)
}

/// First paint, memory and keys of the real program on a store of 100,000 actions.
pub fn measure(table: &mut Table, home: &Path, store: &Path) {
    let config = format!("[store]\npath = \"{}\"\n", store.display());
    let (mut frames, mut rows) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let mut terminal = Terminal::start(home, &config);
        let (at, _) = terminal.frame();
        frames.push(at - terminal.began);
        let mut last = at;
        while !terminal.text().contains("100,000") {
            last = terminal.frame().0;
        }
        rows.push(last - terminal.began);
    }
    frames.sort();
    rows.sort();
    table.time("first frame, median of 5", frames[2], Duration::from_millis(50));
    table.time("first rows of 100,000 on the screen", rows[2], Duration::from_millis(50));
    let mut terminal = Terminal::start(home, &config);
    terminal.settle(Duration::from_secs(5));
    table.memory("console with 100,000 actions: memory", terminal.peak(), 80_000_000);
    let (mut times, mut bytes) = (Vec::new(), Vec::new());
    for step in 0..600 {
        let (time, count) = terminal.press(if step % 100 < 50 { "j" } else { "k" });
        times.push(time);
        bytes.push(count);
    }
    let limits = (Duration::from_millis(1), Duration::from_millis(10));
    table.spread("key to last byte, 100,000 actions", times, limits);
    bytes.sort_unstable();
    let median = bytes[bytes.len() / 2];
    table.line("bytes of a cursor move at 120×40", &median.to_string(), "≤ 500", median <= 500);
    terminal.press("/");
    let mut slowest = Duration::ZERO;
    for key in ["l", "e", "d", "g", "e", "r"] {
        slowest = slowest.max(terminal.press(key).0);
    }
    table.time("a letter of the filter, 100,000 actions", slowest, Duration::from_millis(10));
    terminal.press("\r");
    terminal.settle(Duration::from_secs(1));
    // The last letter is typed again: until a worker has answered, the list stays as it was.
    terminal.press("/");
    let before = listed(&terminal.text());
    let began = Instant::now();
    terminal.press("s");
    while listed(&terminal.text()) == before {
        terminal.frame();
    }
    table.told("  until the filtered list is there", &shown(began.elapsed()));
    terminal.press("\r");
    terminal.settle(Duration::from_millis(500));
    let idle = terminal.chunks.recv_timeout(Duration::from_secs(2)).is_err();
    table.line("bytes in two idle seconds", if idle { "0" } else { "some" }, "0", idle);
}
