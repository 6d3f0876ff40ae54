//! The layers hold: no upward import, no circle between modules, no long file.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Lowest first. A module uses only modules before it.
const LAYERS: &[&str] = &[
    "base", "model", "config", "cloud", "signals", "changes", "guard", "actions", "poll", "compare", "inquiry",
    "runbook", "app", "ui", "shell", "drill", "cli",
];

/// The longest file that is still one responsibility.
const LONGEST_FILE: usize = 500;

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The source without comments and string contents, so that paths in prose do not count.
fn code_only(source: &str) -> String {
    let mut out = String::new();
    for line in source.lines() {
        let mut in_string = false;
        let mut previous = ' ';
        for (index, c) in line.char_indices() {
            if !in_string && line[index..].starts_with("//") {
                break;
            }
            if c == '"' && previous != '\\' && previous != '\'' {
                in_string = !in_string;
            }
            if !in_string {
                out.push(c);
            }
            previous = c;
        }
        out.push('\n');
    }
    out
}

/// Every module path that a file names after `crate::`, with grouped imports taken apart: `a::b::c`.
fn crate_paths(source: &str) -> BTreeSet<String> {
    let code: String = code_only(source);
    let mut found = BTreeSet::new();
    let mut rest = code.as_str();
    while let Some(at) = rest.find("crate::") {
        rest = &rest[at + "crate::".len()..];
        expand(&rest[..end_of_path(rest)], "", &mut found);
    }
    found
}

fn end_of_path(text: &str) -> usize {
    let mut depth = 0i32;
    for (index, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            c if depth > 0 && (c.is_whitespace() || matches!(c, ',' | '*')) => {}
            c if c.is_alphanumeric() || matches!(c, '_' | ':' | '*') => {}
            _ => return index,
        }
    }
    text.len()
}

fn expand(text: &str, prefix: &str, found: &mut BTreeSet<String>) {
    let text = text.trim();
    match text.find('{') {
        None => {
            let path = format!("{prefix}{}", text.split(" as ").next().unwrap().trim());
            found.insert(path.trim_end_matches(':').to_owned());
        }
        Some(open) => {
            let head = format!("{prefix}{}", text[..open].trim());
            let inner = text[open + 1..].strip_suffix('}').unwrap_or(&text[open + 1..]);
            let mut depth = 0;
            let mut start = 0;
            for (index, c) in inner.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        expand(&inner[start..index], &head, found);
                        start = index + 1;
                    }
                    _ => {}
                }
            }
            if !inner[start..].trim().is_empty() {
                expand(&inner[start..], &head, found);
            }
        }
    }
}

fn layer_of(path: &str) -> Option<usize> {
    let first = path.split("::").next()?;
    LAYERS.iter().position(|layer| *layer == first)
}

#[test]
fn imports_point_downwards() {
    let src = root().join("src");
    let mut wrong = Vec::new();
    for file in rust_files(&src) {
        let relative = file.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
        let Some(own) = LAYERS.iter().position(|layer| relative.starts_with(&format!("{layer}/"))) else { continue };
        for path in crate_paths(&fs::read_to_string(&file).unwrap()) {
            if layer_of(&path).is_some_and(|used| used > own) {
                wrong.push(format!("{relative} uses {path}"));
            }
        }
    }
    assert!(wrong.is_empty(), "upward imports:\n{}", wrong.join("\n"));
}

#[test]
fn every_top_module_is_a_layer() {
    let src = root().join("src");
    for entry in fs::read_dir(&src).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        let known = LAYERS.contains(&name.as_str()) || name == "lib.rs" || name == "main.rs";
        assert!(known, "{name} is no layer: put it into one");
    }
}

/// Files as modules: `a/b.rs` and `a/b/mod.rs` are `a::b`.
fn module_name(relative: &str) -> String {
    relative.trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::")
}

#[test]
fn no_import_circles() {
    let src = root().join("src");
    let files: BTreeMap<String, String> = rust_files(&src)
        .into_iter()
        .map(|file| {
            let relative = file.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
            (module_name(&relative), fs::read_to_string(&file).unwrap())
        })
        .collect();
    // An edge goes to the file module that a path names; a path that ends in a parent's re-export goes to the parent.
    // A parent naming its own children (its module list and their use in it) is no edge, and neither is a child that
    // uses what its own parent defines.
    let mut edges: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (module, source) in &files {
        for path in crate_paths(source) {
            let mut target = path.as_str();
            while !files.contains_key(target) {
                match target.rfind("::") {
                    Some(cut) => target = &target[..cut],
                    None => break,
                }
            }
            let Some((target, _)) = files.get_key_value(target) else { continue };
            let related = target == module
                || target.starts_with(&format!("{module}::"))
                || module.starts_with(&format!("{target}::"));
            if !related {
                edges.entry(module).or_default().insert(target);
            }
        }
    }
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for start in files.keys() {
        let mut trail = Vec::new();
        if let Some(circle) = circle_from(start, &edges, &mut trail, &mut done) {
            panic!("import circle: {}", circle.join(" → "));
        }
    }
}

fn circle_from<'a>(
    at: &'a str,
    edges: &BTreeMap<&'a str, BTreeSet<&'a str>>,
    trail: &mut Vec<&'a str>,
    done: &mut BTreeSet<&'a str>,
) -> Option<Vec<&'a str>> {
    if let Some(from) = trail.iter().position(|seen| *seen == at) {
        let mut circle = trail[from..].to_vec();
        circle.push(at);
        return Some(circle);
    }
    if !done.insert(at) {
        return None;
    }
    trail.push(at);
    for next in edges.get(at).into_iter().flatten() {
        if let Some(circle) = circle_from(next, edges, trail, done) {
            return Some(circle);
        }
    }
    trail.pop();
    None
}

#[test]
fn files_are_short() {
    let long: Vec<String> = rust_files(&root().join("src"))
        .into_iter()
        .chain(rust_files(&root().join("tests")))
        .filter_map(|file| {
            let lines = fs::read_to_string(&file).unwrap().lines().count();
            (lines > LONGEST_FILE).then(|| format!("{} has {lines} lines", file.display()))
        })
        .collect();
    assert!(long.is_empty(), "files over {LONGEST_FILE} lines:\n{}", long.join("\n"));
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent: Vec<String> = rust_files(&root().join("src"))
        .into_iter()
        .filter(|file| !fs::read_to_string(file).unwrap().starts_with("//!"))
        .map(|file| file.display().to_string())
        .collect();
    assert!(silent.is_empty(), "files without a first line `//! …`:\n{}", silent.join("\n"));
}

#[test]
fn the_checks_can_fail() {
    let paths =
        crate_paths("use crate::{base::{Text, clock::Clock}, ui};\nlet x = crate::cli::run(); // crate::drill\n");
    let expected = ["base::Text", "base::clock::Clock", "cli::run", "ui"];
    assert_eq!(paths.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    assert!(layer_of("cli::run") > layer_of("ui"));
    let edges = BTreeMap::from([("a", BTreeSet::from(["b"])), ("b", BTreeSet::from(["a"]))]);
    assert!(circle_from("a", &edges, &mut Vec::new(), &mut BTreeSet::new()).is_some());
}
