//! The data files inside the binary: themes, presets and runbooks. Adding one needs no code.

use include_dir::{Dir, include_dir};

static THEMES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/themes");
static CONFIG: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/config");

/// What the names of manifests end with.
const MANIFEST: &str = ".manifest";

/// The embedded themes: name and TOML, in alphabetical order.
pub fn themes() -> Vec<(&'static str, &'static str)> {
    toml_files(&THEMES)
}

/// The embedded estates: name and TOML, in alphabetical order.
pub fn estates() -> Vec<(&'static str, &'static str)> {
    let mut files = CONFIG.get_dir("estates").map(toml_files).unwrap_or_default();
    files.retain(|(name, _)| !name.ends_with(MANIFEST));
    files
}

/// The manifest of an embedded estate, as TOML.
pub fn manifest(estate: &str) -> Option<&'static str> {
    let path = format!("estates/{estate}{MANIFEST}.toml");
    CONFIG.get_file(path).and_then(|file| file.contents_utf8())
}

/// The embedded runbooks: name and TOML, in alphabetical order.
pub fn runbooks() -> Vec<(&'static str, &'static str)> {
    CONFIG.get_dir("runbooks").map(toml_files).unwrap_or_default()
}

/// A configuration that explains every field.
pub fn example() -> &'static str {
    CONFIG.get_file("example.toml").and_then(|file| file.contents_utf8()).unwrap_or_default()
}

fn toml_files(dir: &'static Dir<'static>) -> Vec<(&'static str, &'static str)> {
    let mut files: Vec<_> = dir
        .files()
        .filter(|file| file.path().extension().is_some_and(|extension| extension == "toml"))
        .filter_map(|file| Some((file.path().file_stem()?.to_str()?, file.contents_utf8()?)))
        .collect();
    files.sort_unstable();
    files
}
