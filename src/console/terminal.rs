//! The terminal itself: taken over, given back, and written to once a frame.
//!
//! ```text
//!   ratatui ──▶ Screen ──▶ FrameBuffer ──one write(2)──▶ stdout
//!               knows       holds the whole frame,
//!               changes     bracketed in synchronized output (DEC mode 2026)
//! ```

use crossterm::{
    clipboard::CopyToClipboard,
    cursor::{Hide, Show},
    event::{DisableBracketedPaste, EnableBracketedPaste},
    execute, queue,
    terminal::{
        BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
        disable_raw_mode, enable_raw_mode,
    },
};
use ratatui::{
    Terminal, TerminalOptions, Viewport,
    backend::{Backend, ClearType, CrosstermBackend, WindowSize},
    buffer::Cell,
    layout::{Position, Rect, Size},
};
use std::{
    io::{self, Write},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use super::{app::App, cells};

/// Enough for a full frame of a large window without growing.
const FRAME: usize = 64 * 1024;

/// Whether the terminal is ours at the moment; asked by the panic hook.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The bytes of the frame being drawn. `flush` does nothing, because ratatui flushes in the
/// middle of a frame; [`Screen::commit`] writes.
#[derive(Debug, Clone)]
struct FrameBuffer(Arc<Mutex<Vec<u8>>>);

impl FrameBuffer {
    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        // A half-written frame of a panicking thread is only bytes.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for FrameBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A backend that writes a frame with one call, and knows whether the frame changed anything.
/// ratatui writes some 25 bytes even for a frame without a change; such a frame is thrown away.
#[derive(Debug)]
pub struct Screen<W: Write> {
    inner: CrosstermBackend<FrameBuffer>,
    frame: FrameBuffer,
    out: W,
    changed: bool,
    cursor: Option<Position>,
    shown: bool,
}

impl<W: Write> Screen<W> {
    /// A backend that writes to `out`.
    pub fn new(out: W) -> Self {
        let frame = FrameBuffer(Arc::new(Mutex::new(Vec::with_capacity(FRAME))));
        let inner = CrosstermBackend::new(frame.clone());
        Self { inner, frame, out, changed: false, cursor: None, shown: false }
    }

    /// Where it writes to.
    pub fn out(&self) -> &W {
        &self.out
    }

    /// Writes what was collected, in one call where the system takes it.
    fn commit(&mut self) -> io::Result<()> {
        let mut frame = self.frame.bytes();
        if !frame.is_empty() {
            self.out.write_all(&frame)?;
            self.out.flush()?;
            frame.clear();
        }
        Ok(())
    }

    /// Forgets what was collected.
    fn discard(&mut self) {
        self.frame.bytes().clear();
    }
}

impl<W: Write> Backend for Screen<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        self.changed = true;
        cells::write(content, &mut self.frame)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.shown {
            self.shown = false;
            self.cursor = None;
            self.changed = true;
            self.inner.hide_cursor()?;
        }
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if !self.shown {
            self.shown = true;
            self.changed = true;
            self.inner.show_cursor()?;
        }
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        self.changed |= self.cursor != Some(position);
        self.cursor = Some(position);
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.changed = true;
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.changed = true;
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Draws one frame and writes it at once; writes nothing if nothing changed. Gives whether it
/// wrote.
pub fn paint<W: Write>(terminal: &mut Terminal<Screen<W>>, app: &mut App) -> io::Result<bool> {
    terminal.backend_mut().changed = false;
    queue!(terminal.backend_mut().frame, BeginSynchronizedUpdate)?;
    app.draw(terminal)?;
    let backend = terminal.backend_mut();
    if !backend.changed {
        backend.discard();
        return Ok(false);
    }
    queue!(backend.frame, EndSynchronizedUpdate)?;
    backend.commit()?;
    Ok(true)
}

/// A terminal of fixed size over any writer, for measuring.
pub fn fixed<W: Write>(out: W, width: u16, height: u16) -> io::Result<Terminal<Screen<W>>> {
    let viewport = Viewport::Fixed(Rect::new(0, 0, width, height));
    Terminal::with_options(Screen::new(out), TerminalOptions { viewport })
}

/// The terminal while it is ours; given back when this is dropped.
pub struct Session {
    terminal: Terminal<Screen<io::Stdout>>,
}

impl Session {
    /// Takes the terminal over: raw mode, alternate screen, bracketed paste.
    pub fn start() -> io::Result<Self> {
        take()?;
        let terminal = Terminal::new(Screen::new(io::stdout())).inspect_err(|_| give_back())?;
        Ok(Self { terminal })
    }

    /// Columns and rows.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.terminal.size()?;
        Ok((size.width, size.height))
    }

    /// Draws if the state asks for it.
    pub fn paint(&mut self, app: &mut App) -> io::Result<bool> {
        paint(&mut self.terminal, app)
    }

    /// Hands text to the clipboard of the terminal, with OSC 52.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        let backend = self.terminal.backend_mut();
        queue!(backend.frame, CopyToClipboard::to_clipboard_from(text))?;
        backend.commit()
    }

    /// Gives the terminal back and stops this process until the shell continues it.
    pub fn suspend(&mut self) -> io::Result<()> {
        give_back();
        // SIGSTOP, not SIGTSTP: tokio or the shell may have changed what SIGTSTP does.
        rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP)?;
        take()?;
        let backend = self.terminal.backend_mut();
        backend.shown = false;
        backend.cursor = None;
        self.forget()?;
        self.terminal.backend_mut().commit()
    }

    /// Forgets what is on the screen, so that the next frame is painted whole.
    pub fn forget(&mut self) -> io::Result<()> {
        self.terminal.clear()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        give_back();
    }
}

fn take() -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, Hide)
        .inspect_err(|_| give_back())
}

/// Gives the terminal back, as far as it is ours. Safe to call from a panic hook and twice.
pub fn give_back() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        // Nobody is left to tell when this fails.
        let _ = execute!(
            io::stdout(),
            EndSynchronizedUpdate,
            DisableBracketedPaste,
            LeaveAlternateScreen,
            Show
        );
        let _ = disable_raw_mode();
    }
}

/// Whether the terminal is still ours: a panic on any thread gives it back.
pub fn is_taken() -> bool {
    TAKEN.load(Ordering::SeqCst)
}

/// Makes a panic give the terminal back before it says anything.
pub fn install_panic_hook() {
    let next = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        give_back();
        next(info);
    }));
}
