//! An answer, and what could not be read of the policies it rests on.

use crate::{
    iam::world::Problem,
    report::{Ink, Report},
};
use serde::Serialize;

/// An answer with the problems that bear on it. People are told them on stderr, so that they see
/// the answer alone where they asked for it.
pub struct Resting<'a, R> {
    answer: &'a R,
    problems: &'a [&'a Problem],
}

impl<'a, R: Report> Resting<'a, R> {
    /// An answer, and what it rests on that is not whole.
    pub fn new(answer: &'a R, problems: &'a [&'a Problem]) -> Self {
        Self { answer, problems }
    }
}

impl<R: Report> Report for Resting<'_, R> {
    fn human(&self, ink: Ink) -> String {
        self.answer.human(ink)
    }

    fn name(&self) -> &'static str {
        self.answer.name()
    }

    fn body(&self) -> impl Serialize + '_ {
        Body { answer: self.answer.body(), problems: self.problems }
    }
}

#[derive(Serialize)]
struct Body<'a, A: Serialize> {
    #[serde(flatten)]
    answer: A,
    problems: &'a [&'a Problem],
}
