//! The real program in a terminal emulator. ratatui writes only what changed, so what is on the
//! screen is read from the emulator and never from the stream.

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use std::{
    io::{Read as _, Write},
    num::NonZeroU16,
    sync::{Arc, Mutex},
    thread::JoinHandle,
    time::{Duration, Instant},
};
use vt100::Parser;

/// How long anything may take before a test gives up; generous, because machines are shared.
const PATIENCE: Duration = Duration::from_mins(1);

/// A program on a terminal.
pub struct Session {
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    parser: Arc<Mutex<Parser>>,
    bytes: Arc<Mutex<Vec<u8>>>,
    /// Ends when nobody has the program's side of the terminal any more.
    reader: JoinHandle<()>,
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a terminal has cells")
}

#[allow(dead_code, reason = "each story takes what it needs")]
impl Session {
    /// Starts `countersign` with arguments on a terminal of this size, in `home`, with extra
    /// environment variables.
    pub fn start(
        arguments: &[&str],
        size: (u16, u16),
        home: &std::path::Path,
        environment: &[(&str, &str)],
    ) -> Self {
        Self::start_program(env!("CARGO_BIN_EXE_countersign"), arguments, size, home, environment)
    }

    /// The same with any program.
    pub fn start_program(
        program: &str,
        arguments: &[&str],
        size: (u16, u16),
        home: &std::path::Path,
        environment: &[(&str, &str)],
    ) -> Self {
        let (columns, rows) = size;
        let pair = native_pty_system()
            .openpty(PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 })
            .expect("a pty");
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        for (name, value) in [
            ("PATH", "/usr/bin:/bin"),
            ("TERM", "xterm-256color"),
            ("LANG", "C.UTF-8"),
            ("TZ", "UTC"),
        ] {
            command.env(name, value);
        }
        command.env("HOME", home);
        command.env("TMPDIR", home);
        for (name, value) in environment {
            command.env(name, value);
        }
        command.cwd(home);
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let parser = Arc::new(Mutex::new(Parser::new(cells(rows), cells(columns), 0)));
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let mut output = pair.master.try_clone_reader().expect("a reader");
        let (feed, log) = (Arc::clone(&parser), Arc::clone(&bytes));
        let reader = std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(count) = output.read(&mut buffer) {
                if count == 0 {
                    break;
                }
                // Counted first: whoever sees it on the screen finds it counted.
                log.lock().unwrap().extend_from_slice(&buffer[..count]);
                feed.lock().unwrap().process(&buffer[..count]);
            }
        });
        let keyboard = pair.master.take_writer().expect("a writer");
        Self { master: pair.master, keyboard, child, parser, bytes, reader }
    }

    /// Types.
    pub fn send(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).expect("the program reads");
        self.keyboard.flush().expect("the program reads");
    }

    /// The screen as text.
    pub fn text(&self) -> String {
        self.parser.lock().unwrap().screen().contents()
    }

    /// Everything written so far, in bytes.
    pub fn written(&self) -> usize {
        self.bytes.lock().unwrap().len()
    }

    /// Everything written so far.
    pub fn bytes(&self) -> Vec<u8> {
        self.bytes.lock().unwrap().clone()
    }

    /// Looks at the emulator.
    pub fn screen<T>(&self, look: impl FnOnce(&vt100::Screen) -> T) -> T {
        look(self.parser.lock().unwrap().screen())
    }

    /// Waits until something holds of the screen's text.
    pub fn wait(&self, what: &str, holds: impl Fn(&str) -> bool) {
        self.wait_within(PATIENCE, what, holds);
    }

    /// Waits for at most so long until something holds of the screen's text.
    pub fn wait_within(&self, patience: Duration, what: &str, holds: impl Fn(&str) -> bool) {
        let end = Instant::now() + patience;
        loop {
            let text = self.text();
            if holds(&text) {
                return;
            }
            assert!(Instant::now() < end, "waited for {what}; the screen shows:\n{text}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until the text is on the screen.
    pub fn wait_for(&self, text: &str) {
        self.wait(text, |screen| screen.contains(text));
    }

    /// Waits until nothing has been written for a while.
    pub fn wait_until_quiet(&self, quiet: Duration) {
        let end = Instant::now() + PATIENCE;
        let mut seen = (self.written(), Instant::now());
        while seen.1.elapsed() < quiet {
            assert!(Instant::now() < end, "the program never stops writing");
            std::thread::sleep(Duration::from_millis(10));
            if self.written() != seen.0 {
                seen = (self.written(), Instant::now());
            }
        }
    }

    /// Gives the window another size.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        self.parser.lock().unwrap().screen_mut().set_size(cells(rows), cells(columns));
        self.master.resize(size).expect("the pty takes a size");
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid = self.child.process_id().and_then(|id| i32::try_from(id).ok());
        let pid = pid.and_then(rustix::process::Pid::from_raw).expect("a process");
        rustix::process::kill_process(pid, signal).expect("the process is there");
    }

    /// The state of the process as Linux tells it: `S` sleeps, `T` stopped.
    pub fn process_state(&self) -> Option<char> {
        let id = self.child.process_id()?;
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        stat.rsplit(')').next()?.trim().chars().next()
    }

    /// Waits until the program has ended.
    pub fn wait_for_end(&mut self) -> ExitStatus {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Ok(Some(status)) = self.child.try_wait() {
                // What it wrote last may still be on its way to the emulator.
                self.wait("the end of its output", |_| self.reader.is_finished());
                return status;
            }
            assert!(Instant::now() < end, "the program does not end:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}
