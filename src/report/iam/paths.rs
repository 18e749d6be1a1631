//! Paths from one party to another.

use super::view::Steps;
use crate::{
    domain::{Few, Untrusted},
    iam::{Bounds, reach::Paths, step, world::World},
    report::{Cell, Ink, Page, Report, Tone, reach::steps},
};
use serde::{Serialize, Serializer};

/// The paths that were found, shortest first.
pub struct PathsReport<'a> {
    world: &'a World,
    from: &'a str,
    to: &'a str,
    paths: &'a Paths,
    /// Only the first is drawn for people unless all are asked for.
    all: bool,
}

impl<'a> PathsReport<'a> {
    /// What was asked and found.
    pub fn new(world: &'a World, from: &'a str, to: &'a str, paths: &'a Paths, all: bool) -> Self {
        Self { world, from, to, paths, all }
    }

    fn page(&self, room: usize) -> Page {
        let home = self.from.split(':').nth(4).unwrap_or_default();
        let drawn = if self.all { usize::MAX } else { 1 };
        let mut page = Page::new();
        for (index, path) in self.paths.paths.iter().take(drawn).enumerate() {
            let path = Few::of(path, usize::MAX, |it| step(self.world, it, Bounds::NONE));
            let from = path.listed.first().map_or_else(|| self.from.into(), |it| it.from.clone());
            if self.all && self.paths.paths.len() > 1 {
                page = page.heading(format!("{} of {}", index + 1, self.paths.paths.len()));
            }
            page = page.and(steps(&from, home, &path, room));
        }
        // Where there is none, the note says so and why.
        let found = self.paths.paths.len();
        if found > drawn {
            let line = format!("and {} more ways (--all draws them)", found - drawn);
            page = page.item(Cell::own(line).tone(Tone::Quiet));
        }
        match &self.paths.note {
            Some(note) => {
                page.item(Cell::outside(&Untrusted::new(note.as_str())).tone(Tone::Warning))
            }
            None => page,
        }
    }
}

impl Report for PathsReport<'_> {
    fn human(&self, ink: Ink) -> String {
        self.page(ink.width.unwrap_or(80)).text(ink)
    }

    fn name(&self) -> &'static str {
        "iam-path"
    }

    fn body(&self) -> impl Serialize + '_ {
        Body {
            from: self.from,
            to: self.to,
            paths: All(self.paths),
            note: self.paths.note.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    from: &'a str,
    to: &'a str,
    paths: All<'a>,
    note: Option<&'a str>,
}

struct All<'a>(&'a Paths);

impl Serialize for All<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.paths.iter().map(|path| Steps(path)))
    }
}
