//! Draws real states of the console as pictures: `cargo run --example screenshots --features
//! screenshots -- FOLDER`. The fonts are `DejaVu Sans Mono`, in the folder `COUNTERSIGN_FONTS` names.
//!
//! The same code as in the tests drives the same console; only the last step differs: cells become
//! SVG, and SVG becomes PNG. The same input gives the same bytes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "made of the tests' own screen; nothing here ships"
)]

mod pictures;
#[path = "../tests/stories/support/screen.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod screen;
mod svg;

use std::{error::Error, path::PathBuf, sync::Arc};

/// Where Debian's `fonts-dejavu-core` puts them.
const DEBIAN_FONTS: &str = "/usr/share/fonts/truetype/dejavu";

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = PathBuf::from(arguments.next().unwrap_or_else(|| "screenshots".to_owned()));
    let fonts =
        PathBuf::from(std::env::var_os("COUNTERSIGN_FONTS").unwrap_or_else(|| DEBIAN_FONTS.into()));
    let mut options = resvg::usvg::Options::default();
    let known = Arc::make_mut(&mut options.fontdb);
    for name in ["DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf"] {
        let file = fonts.join(name);
        known.load_font_file(&file).map_err(|error| {
            format!("{}: {error}. COUNTERSIGN_FONTS names the folder it is in", file.display())
        })?;
    }
    std::fs::create_dir_all(&out)?;
    for (name, screen) in pictures::pictures() {
        let picture = svg::draw(screen.buffer(), screen.app.theme());
        std::fs::write(out.join(format!("{name}.svg")), &picture)?;
        let tree = resvg::usvg::Tree::from_str(&picture, &options)?;
        let size = tree.size().to_int_size();
        let mut pixels =
            resvg::tiny_skia::Pixmap::new(size.width(), size.height()).ok_or("no pixels")?;
        resvg::render(&tree, resvg::tiny_skia::Transform::identity(), &mut pixels.as_mut());
        pixels.save_png(out.join(format!("{name}.png")))?;
        println!("{name}");
    }
    Ok(())
}
