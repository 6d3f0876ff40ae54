//! The AWS files of this user: which profiles there are. Secrets in them are not kept.
//!
//! Format: "Configuration and credential file settings" of the AWS SDKs and Tools Reference Guide.

use std::path::{Path, PathBuf};

use crate::config::problem::Problem;
use crate::config::source::Source;

/// Where the two files are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsFiles {
    /// `~/.aws/config` or `AWS_CONFIG_FILE`.
    pub config: PathBuf,
    /// `~/.aws/credentials` or `AWS_SHARED_CREDENTIALS_FILE`.
    pub credentials: PathBuf,
}

/// A profile, as far as an environment can be made of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AwsProfile {
    /// Its name.
    pub name: String,
    /// Its own region.
    pub region: Option<String>,
    /// The account that it leads to, where the file says so.
    pub account: Option<String>,
    /// The profile whose credentials assume its role.
    pub source_profile: Option<String>,
    /// True when it assumes a role or signs in by SSO: not merely a key for others.
    pub assumes: bool,
}

impl AwsFiles {
    /// The files of the user who runs this; `None` without a home directory.
    pub fn of_this_user() -> Option<Self> {
        let home = etcetera::home_dir().ok()?;
        Some(Self::of_user(&home, |name| std::env::var(name).ok()))
    }

    /// The files of a user; `lookup` reads an environment variable.
    pub fn of_user(home: &Path, lookup: impl Fn(&str) -> Option<String>) -> Self {
        let file = |variable: &str, name: &str| match lookup(variable).filter(|path| !path.is_empty()) {
            Some(path) => path.strip_prefix("~/").map_or_else(|| PathBuf::from(&path), |rest| home.join(rest)),
            None => home.join(".aws").join(name),
        };
        Self {
            config: file("AWS_CONFIG_FILE", "config"),
            credentials: file("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
        }
    }

    /// Their profiles and why a file could not be read. A file that is not there holds none.
    pub fn profiles(&self) -> (Vec<AwsProfile>, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut text = |path: &Path| match Source::read(path) {
            Ok(source) => source.map(|(source, _)| source.text).unwrap_or_default(),
            Err(problem) => {
                problems.push(problem);
                String::new()
            }
        };
        let profiles = profiles(&text(&self.config), &text(&self.credentials));
        (profiles, problems)
    }
}

/// The profiles in the texts of the two files, in their order.
pub fn profiles(config: &str, credentials: &str) -> Vec<AwsProfile> {
    let mut found = Vec::new();
    read(config, true, &mut found);
    read(credentials, false, &mut found);
    found
}

fn read(text: &str, prefixed: bool, found: &mut Vec<AwsProfile>) {
    let mut current = None;
    for line in text.trim_start_matches('\u{feff}').lines() {
        // A line that begins with a blank continues the property above it, e.g. below `s3 =`.
        if line.starts_with([' ', '\t', '#', ';']) {
            continue;
        }
        if let Some(header) = line.strip_prefix('[') {
            let name = header.split(']').next().and_then(|section| profile_name(section.trim(), prefixed));
            current = name.map(|name| {
                found.iter().position(|profile| profile.name == name).unwrap_or_else(|| {
                    found.push(AwsProfile { name, ..AwsProfile::default() });
                    found.len() - 1
                })
            });
        } else if let (Some(profile), Some((key, value))) =
            (current.and_then(|at| found.get_mut(at)), line.split_once('='))
        {
            property(profile, &key.trim().to_ascii_lowercase(), without_comment(value));
        }
    }
}

/// The profile that a section is about; `[sso-session x]` and `[services x]` are about none. In the configuration file
/// every profile but `default` has the word before it, in the credentials file none has.
fn profile_name(section: &str, prefixed: bool) -> Option<String> {
    let name = match section.split_once([' ', '\t']) {
        Some(("profile", name)) if prefixed => name.trim(),
        None if !prefixed || section == "default" => section,
        _ => return None,
    };
    let name = name.trim_matches(['"', '\'']);
    (!name.is_empty()).then(|| name.to_owned())
}

fn property(profile: &mut AwsProfile, key: &str, value: &str) {
    if value.is_empty() {
        return;
    }
    match key {
        "region" => profile.region = Some(value.to_owned()),
        "sso_account_id" | "aws_account_id" => profile.account = account(value).or(profile.account.take()),
        // arn:partition:iam::account:role/name
        "role_arn" => profile.account = value.split(':').nth(4).and_then(account).or(profile.account.take()),
        "source_profile" => profile.source_profile = Some(value.to_owned()),
        _ => {}
    }
    profile.assumes |=
        matches!(key, "role_arn" | "sso_session" | "sso_account_id" | "sso_start_url" | "credential_process");
}

fn account(text: &str) -> Option<String> {
    (text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.to_owned())
}

/// A comment behind a value has a blank before it.
fn without_comment(value: &str) -> &str {
    let end = [" #", " ;", "\t#", "\t;"].iter().filter_map(|mark| value.find(mark)).min().unwrap_or(value.len());
    value[..end].trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(profiles: &[AwsProfile]) -> Vec<&str> {
        profiles.iter().map(|profile| profile.name.as_str()).collect()
    }

    #[test]
    fn only_profiles_are_profiles() {
        let config = "[default]\n[profile a]\n[sso-session b]\nregion = x\n[services c]\n[profile]\n[d]\n[ profile  \"e f\" ] ; x\n";
        assert_eq!(names(&profiles(config, "[default]\n[g]\n[profile h]\n")), ["default", "a", "e f", "g"]);
    }

    #[test]
    fn a_section_that_is_no_profile_gives_nothing_to_the_one_above() {
        let found = profiles("[profile a]\n[sso-session b]\nregion = eu-west-1\n", "");
        assert_eq!(found[0].region, None);
    }

    #[test]
    fn accounts_come_from_sso_and_from_roles() {
        let config = "[profile a]\nsso_account_id = 111122223333\n[profile b]\nrole_arn = arn:aws-cn:iam::444455556666:role/x/y # c\nsource_profile = a\n[profile c]\nrole_arn = nonsense\n[profile d]\naws_access_key_id = X\n";
        let found = profiles(config, "");
        let accounts: Vec<_> = found.iter().map(|profile| profile.account.as_deref()).collect();
        assert_eq!(accounts, [Some("111122223333"), Some("444455556666"), None, None]);
        assert_eq!(found[1].source_profile.as_deref(), Some("a"));
        assert_eq!(found.iter().map(|profile| profile.assumes).collect::<Vec<_>>(), [true, true, true, false]);
    }

    #[test]
    fn nested_blocks_comments_and_windows_lines_are_understood() {
        let config = "\u{feff}# c\r\n[profile a]\r\ns3 =\r\n  region = wrong\r\n\tmax = 5\r\nREGION=eu-west-1\t; c\r\nnonsense\r\n";
        assert_eq!(profiles(config, "")[0].region.as_deref(), Some("eu-west-1"));
    }

    #[test]
    fn variables_name_other_files() {
        let lookup = |name: &str| (name == "AWS_CONFIG_FILE").then(|| "~/other".to_owned());
        let files = AwsFiles::of_user(Path::new("/home/me"), lookup);
        assert_eq!(files.config, Path::new("/home/me/other"));
        assert_eq!(files.credentials, Path::new("/home/me/.aws/credentials"));
    }
}
