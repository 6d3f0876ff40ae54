//! Every embedded theme, inheritance, and what is said of broken ones.
use super::*;

fn text_of(problems: &[crate::config::Problem]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn every_embedded_theme_is_complete() {
    let themes = Themes::embedded();
    for wanted in ["dark", "light", "sixteen", "mono", "high-contrast"] {
        assert!(themes.names().contains(&wanted), "{wanted} is missing");
    }
    for name in themes.names() {
        let (theme, problems) = themes.get(name);
        assert_eq!(text_of(&problems), Vec::<String>::new(), "{name}");
        assert_eq!(theme.unwrap().undefined(), Vec::<Role>::new(), "{name}");
    }
}

#[test]
fn severities_differ_by_look_in_every_theme() {
    let themes = Themes::embedded();
    for name in themes.names() {
        let theme = themes.get(name).0.unwrap();
        let looks = [Role::Ok, Role::Warning, Role::Critical, Role::Unknown].map(|role| theme.style(role));
        for (index, look) in looks.iter().enumerate() {
            assert!(!looks[index + 1..].contains(look), "{name}: two severities look the same");
        }
        assert_ne!(theme.style(Role::Production), theme.style(Role::Development), "{name}");
        assert_ne!(theme.style(Role::Selected), theme.style(Role::Text), "{name}");
    }
}

#[test]
fn plain_themes_stay_within_their_terminals() {
    let themes = Themes::embedded();
    for (_, style) in themes.get("mono").0.unwrap().roles {
        assert_eq!((style.fg, style.bg), (None, None));
    }
    for (role, style) in themes.get("sixteen").0.unwrap().roles {
        for color in [style.fg, style.bg].into_iter().flatten() {
            assert!(matches!(color, Color::Ansi(_) | Color::Default), "{}", role.name());
        }
    }
}

#[test]
fn a_users_theme_inherits_from_the_one_it_replaces() {
    let mut themes = Themes::embedded();
    let plain = themes.get("dark").0.unwrap();
    themes.insert("dark", "mine/dark.toml", "inherits = \"dark\"\n[roles]\nok = { fg = \"#010203\" }\n");
    let (theme, problems) = themes.get("dark");
    let theme = theme.unwrap();
    assert!(problems.is_empty());
    assert_eq!(theme.style(Role::Ok), Style { fg: Some(Color::Rgb(1, 2, 3)), ..Style::default() });
    assert_eq!(theme.style(Role::Critical), plain.style(Role::Critical));
}

#[test]
fn a_palette_is_inherited_and_overridden() {
    let mut themes = Themes::embedded();
    themes.insert("a", "a.toml", "[palette]\nsea = \"blue\"\nsky = \"33\"\n[roles]\ntext = { fg = \"sea\" }\n");
    themes.insert(
        "b",
        "b.toml",
        "inherits = \"a\"\n[palette]\nsea = \"red\"\n[roles]\nok = { fg = \"sea\", bg = \"sky\" }\n",
    );
    let theme = themes.get("b").0.unwrap();
    assert_eq!(theme.style(Role::Text).fg, Some(Color::Ansi(4)), "resolved where it is written");
    assert_eq!(theme.style(Role::Ok).fg, Some(Color::Ansi(1)));
    assert_eq!(theme.style(Role::Ok).bg, Some(Color::Indexed(33)));
}

#[test]
fn a_broken_part_costs_only_itself_and_says_where() {
    let mut themes = Themes::embedded();
    let text = "inherits = \"drak\"\n[palette]\nx = \"#12345\"\n[roles]\nokay = { fg = \"red\" }\nok = { fg = \"gren\", bold = true }\n";
    themes.insert("mine", "mine.toml", text);
    let (theme, problems) = themes.get("mine");
    assert!(theme.unwrap().style(Role::Ok).bold);
    let problems = text_of(&problems);
    assert_eq!(problems[0], "mine.toml:1:12: error: inherits from an unknown theme `drak`; help: did you mean `dark`?");
    assert!(problems[1].starts_with("mine.toml:3:5: error: palette `x`: `#12345` is not a colour"), "{}", problems[1]);
    assert_eq!(problems[2], "mine.toml:6:13: error: role `ok`: unknown colour `gren`; help: did you mean `green`?");
    assert_eq!(problems[3], "mine.toml:5:1: error: unknown role `okay`; help: did you mean `ok`?");
}

#[test]
fn circles_end() {
    let mut themes = Themes::embedded();
    themes.insert("a", "a.toml", "inherits = \"b\"\n");
    themes.insert("b", "b.toml", "inherits = \"a\"\n");
    themes.insert("c", "c.toml", "inherits = \"c\"\n");
    let (_, problems) = themes.get("a");
    assert!(text_of(&problems).iter().any(|problem| problem.contains("circle")), "{problems:?}");
    let (_, problems) = themes.get("c");
    assert!(text_of(&problems).iter().any(|problem| problem.contains("unknown theme `c`")), "{problems:?}");
}

#[test]
fn a_folder_of_themes_is_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("mine.toml"), "inherits = \"light\"\n").unwrap();
    std::fs::write(folder.path().join("notes.txt"), "not a theme").unwrap();
    std::fs::write(folder.path().join("bytes.toml"), [0xff, 0xfe]).unwrap();
    std::fs::write(folder.path().join("broken.toml"), "roles = [\n").unwrap();
    let (themes, problems) = Themes::with_user(folder.path());
    assert!(themes.names().contains(&"mine"));
    assert!(!themes.names().contains(&"notes"));
    assert_eq!(problems.len(), 1, "{problems:?}");
    let (theme, problems) = themes.get("mine");
    assert_eq!(theme.unwrap().roles, themes.get("light").0.unwrap().roles);
    assert!(problems.is_empty());
    let (theme, problems) = themes.get("broken");
    assert!(theme.is_none());
    assert_eq!(problems[0].position.map(|position| position.line), Some(1));
    assert!(themes.get("nowhere").0.is_none());
}
