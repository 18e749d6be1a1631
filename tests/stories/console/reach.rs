//! How far a principal gets, in the console: drawn, told why, sorted and filtered by.

use crate::support::screen::Screen;

#[test]
fn the_detail_draws_how_a_principal_climbs_and_says_why() {
    let mut screen = Screen::new(120, 40);
    screen.press("2jl");
    assert!(screen.shows("becomes an administrator in 2 steps"), "{}", screen.text());
    assert!(screen.shows("──lambda-create-function──▶ label-printer"), "{}", screen.text());
    assert!(!screen.shows("ops-tools: Archive"));
    screen.press("w");
    assert!(screen.shows("uses iam:PassRole") && screen.shows("by ops-tools: Archive"));
    screen.press("w<esc>j");
    assert!(screen.shows("if `aws:MultiFactorAuthPresent` is true"), "{}", screen.text());
}

#[test]
fn a_path_fits_a_small_screen() {
    let mut screen = Screen::new(80, 24);
    screen.press("2jl");
    insta::assert_snapshot!("reach_small", screen.text());
}

#[test]
fn credentials_are_sorted_and_filtered_by_reach() {
    let mut screen = Screen::new(120, 40);
    screen.press("2s");
    assert!(screen.shows("Sorted by reach"), "{}", screen.text());
    let labels = |screen: &Screen| -> Vec<String> {
        let rows = screen.app.state().credentials.window();
        rows.map(|(_, row)| row.credential.principal.name.raw().to_owned()).collect()
    };
    let by_reach = ["kiro-deploy", "bedrock-ops-agent", "nightly-agent"];
    assert_eq!(labels(&screen)[..3], by_reach);
    screen.press("/");
    screen.type_text("reach:conditional");
    assert_eq!(labels(&screen), ["nightly-agent"]);
}
