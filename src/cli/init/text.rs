//! The configuration file as `init` writes it: only what is known, with a word where something is guessed.

use std::fmt::Write;

use super::environments::Found;
use crate::base::text::clean;
use crate::model::Tier;

const HEAD: &str = "\
# watchfloor configuration, made from the AWS profiles of this user.
# `watchfloor config check` says what is wrong with it, `watchfloor config show` what is in force.
";

/// TOML for the environments.
pub(super) fn text(environments: &[Found]) -> String {
    let mut text = HEAD.to_owned();
    for found in environments {
        // Writing to a string cannot fail.
        let _ = environment(&mut text, found);
    }
    text
}

fn environment(text: &mut String, found: &Found) -> std::fmt::Result {
    writeln!(text, "\n[[environment]]")?;
    writeln!(text, "system = {}", quoted(&found.system))?;
    writeln!(text, "name = {}", quoted(&found.name))?;
    match found.tier {
        Some(tier) => writeln!(text, "tier = {}", quoted(tier.word()))?,
        None => writeln!(
            text,
            "tier = {}  # the profile's name does not say: the careful choice",
            quoted(Tier::Production.word())
        )?,
    }
    writeln!(text, "profile = {}", quoted(&found.profile))?;
    match &found.region {
        Some(region) => writeln!(text, "region = {}", quoted(region))?,
        None => writeln!(text, "# region = \"eu-west-1\"  # the profile has none: write it here")?,
    }
    match &found.account {
        Some(account) => writeln!(text, "account = {}", quoted(account))?,
        None => writeln!(text, "# account = \"111122223333\"  # data of another account is refused")?,
    }
    for other in &found.others {
        writeln!(text, "# the same place: profile {}", clean(&quoted(other)))?;
    }
    Ok(())
}

fn quoted(value: &str) -> String {
    toml::Value::String(value.to_owned()).to_string()
}
