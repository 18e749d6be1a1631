//! What every source sees the world through: who is an AI tool, and what is production.

use crate::{catalogue::Catalogue, config::ProductionRules};
use std::sync::Arc;

/// The catalogue and the production rules, shared by all sources.
#[derive(Debug, Clone)]
pub struct Lens {
    /// Recognises AI tools.
    pub catalogue: Arc<Catalogue>,
    /// Says what is production.
    pub production: Arc<ProductionRules>,
}
