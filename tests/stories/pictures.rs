//! The pictures in `screenshots/` are what the console looks like now.

use crate::support::screen;

#[path = "../../screenshots/pictures.rs"]
mod states;
#[path = "../../screenshots/svg.rs"]
mod svg;

#[test]
fn every_committed_picture_is_what_the_console_draws() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots");
    for (name, screen) in states::pictures() {
        let committed = std::fs::read_to_string(folder.join(format!("{name}.svg"))).unwrap();
        let drawn = svg::draw(screen.buffer(), screen.app.theme());
        assert!(
            committed == drawn,
            "screenshots/{name}.svg is another state; `make screenshots` draws them anew:\n{}",
            screen.text()
        );
    }
}
