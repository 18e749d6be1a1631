//! The pictures in `screenshots/` are what the console looks like now. With `COUNTERSIGN_DRAW` set
//! their SVGs are drawn anew here; `make screenshots` makes the PNGs too.

use crate::support::screen;

#[path = "../../screenshots/pictures.rs"]
mod states;
#[path = "../../screenshots/svg.rs"]
mod svg;

#[test]
fn every_committed_picture_is_what_the_console_draws() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots");
    for (name, screen) in states::pictures() {
        let file = folder.join(format!("{name}.svg"));
        let drawn = svg::draw(screen.buffer(), screen.app.theme());
        if std::env::var_os("COUNTERSIGN_DRAW").is_some() {
            std::fs::write(&file, &drawn).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            committed == drawn,
            "screenshots/{name}.svg is another state; `make screenshots` draws them anew:\n{}",
            screen.text()
        );
    }
}
