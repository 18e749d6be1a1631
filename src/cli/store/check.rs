//! `countersign store check`

use super::{configured, write_mismatches};
use crate::{
    cli::{Global, exit::Exit, failure::Failure, output::Output},
    report::Said,
    store::moving::{Compared, compare},
};
use serde::Serialize;
use std::fmt;

#[derive(Debug, Serialize)]
struct Told {
    good: bool,
    #[serde(flatten)]
    compared: Compared,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Compared { entries, pruned, rows, root, .. } = &self.compared;
        writeln!(f, "{rows} rows held against {entries} entries ({pruned} of them pruned)")?;
        writeln!(f, "root {root}")?;
        if self.good {
            return write!(f, "every row says what its entry says");
        }
        writeln!(f, "rows and ledger do not fit:")?;
        write_mismatches(f, &self.compared)
    }
}

pub(super) async fn run(global: &Global, output: Output) -> Result<Exit, Failure> {
    let (store, _) = configured(global).await?;
    let compared = compare(&*store).await?;
    let good = compared.is_good();
    output.report(&Said::new("store-check", &Told { good, compared }))?;
    Ok(if good { Exit::Done } else { Exit::Failure })
}
