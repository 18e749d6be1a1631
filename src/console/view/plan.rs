//! Where everything goes, from the size of the window alone.

use crate::console::state::{State, Tab};
use ratatui::layout::Rect;

/// Columns and rows below which nothing could be read.
pub(super) const SMALLEST: (u16, u16) = (30, 9);

/// Rows from which on a detail below the list says everything.
const WHOLE: u16 = 12;

/// The regions of the screen.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Two rows at the top.
    pub header: Rect,
    /// Between the upper and the lower rule.
    pub body: Rect,
    /// The rows of the list, unless the detail has the screen.
    pub list: Option<Rect>,
    /// The detail, if there is room or it has the screen.
    pub detail: Option<Rect>,
    /// The rule above the body.
    pub upper: u16,
    /// The rule between list and detail, where one is above the other.
    pub middle: Option<u16>,
    /// The line between list and detail, where they stand side by side.
    pub divider: Option<u16>,
    /// The rule below the body.
    pub lower: u16,
    /// The rows of the message of the moment.
    pub flash: Rect,
    /// The last row.
    pub footer: Rect,
    too_small: bool,
}

impl Plan {
    /// Plans the screen.
    pub fn new(area: Rect, state: &State) -> Self {
        let too_small = area.width < SMALLEST.0 || area.height < SMALLEST.1;
        let header = Rect { height: area.height.min(2), ..area };
        let open =
            Rect { y: area.y + 3.min(area.height), height: area.height.saturating_sub(5), ..area };
        let said = super::flash::height(state, area.width).min(open.height.saturating_sub(4));
        let body = Rect { height: open.height - said, ..open };
        let footer =
            Rect { y: area.bottom().saturating_sub(1), height: area.height.min(1), ..area };
        let mut plan = Self {
            header,
            body,
            list: Some(body),
            detail: None,
            upper: area.y + 2.min(area.height.saturating_sub(1)),
            middle: None,
            divider: None,
            lower: area.bottom().saturating_sub(2),
            flash: Rect { y: body.bottom(), height: said, ..open },
            footer,
            too_small,
        };
        if too_small {
            return plan;
        }
        if state.is_wide() {
            plan.side_by_side(list_width(state.tab, area.width));
        } else if state.reading {
            plan.list = None;
            plan.detail = Some(inset(body));
        } else if body.height >= 14 {
            plan.stacked((body.height * 45 / 100).max(7));
        }
        plan
    }

    /// Whether there is no room for anything.
    pub fn is_too_small(&self) -> bool {
        self.too_small
    }

    /// Whether the detail has room for the essentials only.
    pub fn is_brief(&self) -> bool {
        self.middle.is_some() && self.detail.is_none_or(|detail| detail.height < WHOLE)
    }

    fn side_by_side(&mut self, width: u16) {
        let body = self.body;
        self.list = Some(Rect { width, ..body });
        self.divider = Some(body.x + width);
        let left = body.x + width + 1;
        self.detail =
            Some(inset(Rect { x: left, width: body.right().saturating_sub(left), ..body }));
    }

    fn stacked(&mut self, rows: u16) {
        let body = self.body;
        let list = body.height - rows - 1;
        self.list = Some(Rect { height: list, ..body });
        self.middle = Some(body.y + list);
        self.detail = Some(inset(Rect { y: body.y + list + 1, height: rows, ..body }));
    }
}

fn list_width(tab: Tab, width: u16) -> u16 {
    let share = match tab {
        // What is left beside such a list is wide enough for a diff side by side.
        Tab::Queue if width >= 196 => width * 42 / 100,
        Tab::Queue | Tab::Sources => width / 2,
        // From here on there is room for what each may do.
        Tab::Credentials if width >= 160 => width * 56 / 100,
        Tab::Credentials => width * 52 / 100,
        Tab::Activity => width * 60 / 100,
    };
    share.clamp(48, 120)
}

/// A column of air on both sides.
fn inset(area: Rect) -> Rect {
    Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area }
}
