//! Fitting columns to a terminal.

/// Columns between two columns of a table.
pub(super) const GAP: usize = 2;

/// How one column may be treated when there is not enough room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Demand {
    /// What its longest cell takes.
    pub natural: usize,
    /// Below this it says nothing any more.
    pub narrowest: usize,
    /// Larger goes first when narrowing is not enough; 0 never goes.
    pub dispensable: u8,
}

/// The width of each column, `None` for those that are left out.
///
/// The widest column gives way first, one terminal column at a time, so that long texts lose
/// before short ones do. When every column is at its narrowest, whole columns are left out.
pub(super) fn fit(demands: &[Demand], room: usize) -> Vec<Option<usize>> {
    let mut left_out = vec![false; demands.len()];
    loop {
        let mut widths: Vec<Option<usize>> = demands
            .iter()
            .zip(&left_out)
            .map(|(demand, out)| (!out).then_some(demand.natural))
            .collect();
        if narrow(&mut widths, demands, room) {
            return widths;
        }
        let next = demands
            .iter()
            .enumerate()
            .filter(|(index, demand)| !left_out[*index] && demand.dispensable > 0)
            .max_by_key(|(_, demand)| demand.dispensable)
            .map(|(index, _)| index);
        match next {
            Some(index) => left_out[index] = true,
            None => return widths,
        }
    }
}

/// Narrows the columns until they fit; false when they cannot.
fn narrow(widths: &mut [Option<usize>], demands: &[Demand], room: usize) -> bool {
    loop {
        let shown = widths.iter().flatten().count();
        let total = widths.iter().flatten().sum::<usize>() + GAP * shown.saturating_sub(1);
        let Some(excess) = total.checked_sub(room).filter(|excess| *excess > 0) else {
            return true;
        };
        let slack = |index: usize, width: usize| width.saturating_sub(demands[index].narrowest);
        let widest = widths
            .iter()
            .enumerate()
            .filter_map(|(index, width)| width.map(|width| (index, width)))
            .filter(|(index, width)| slack(*index, *width) > 0)
            .max_by_key(|(_, width)| *width);
        let Some((index, width)) = widest else { return false };
        // Down to the second widest at once: cells can be thousands of characters long.
        let second = widths
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != index)
            .filter_map(|(_, width)| *width)
            .filter(|other| *other < width)
            .max()
            .unwrap_or(0);
        let step = excess.min(slack(index, width)).min(width.saturating_sub(second)).max(1);
        widths[index] = Some(width - step);
    }
}

#[cfg(test)]
mod tests {
    use super::{Demand, GAP, fit};
    use proptest::prelude::*;

    fn demand(natural: usize, narrowest: usize, dispensable: u8) -> Demand {
        Demand { natural, narrowest, dispensable }
    }

    #[test]
    fn columns_that_fit_keep_their_width() {
        let widths = fit(&[demand(10, 5, 0), demand(20, 5, 0)], 40);
        assert_eq!(widths, [Some(10), Some(20)]);
    }

    #[test]
    fn the_widest_column_gives_way_first() {
        let widths = fit(&[demand(10, 5, 0), demand(60, 5, 0)], 40);
        assert_eq!(widths, [Some(10), Some(28)]);
    }

    #[test]
    fn a_dispensable_column_is_left_out_when_narrowing_is_not_enough() {
        let widths = fit(&[demand(12, 12, 0), demand(30, 20, 1), demand(30, 20, 2)], 40);
        assert_eq!(widths, [Some(12), Some(26), None]);
    }

    proptest! {
        #[test]
        fn the_result_fits_whenever_the_indispensable_columns_can(
            columns in prop::collection::vec((1_usize..5000, 1_usize..12, 0_u8..4), 1..10),
            room in 1_usize..200,
        ) {
            let demands: Vec<Demand> = columns
                .into_iter()
                .map(|(natural, narrowest, dispensable)| {
                    demand(natural.max(narrowest), narrowest, dispensable)
                })
                .collect();
            let kept: Vec<_> = demands.iter().filter(|d| d.dispensable == 0).collect();
            let least = kept.iter().map(|d| d.narrowest).sum::<usize>()
                + GAP * kept.len().saturating_sub(1);
            let widths = fit(&demands, room);
            let total = widths.iter().flatten().sum::<usize>()
                + GAP * widths.iter().flatten().count().saturating_sub(1);
            prop_assert!(total <= room || least > room);
        }
    }
}
