//! The runbooks that there are: those that come with the program, and the user's own beside the configuration.

use std::path::{Path, PathBuf};

use crate::base::Text;
use crate::config::runbook::graph::{self, Offering};
use crate::config::runbook::trust::{Known, TrustFile, hash};
use crate::config::runbook::{Read, Runbook, RunbookWords, own, read};
use crate::config::{Paths, Problem, Source, Weight};
use crate::guard::Trust;
use crate::model::{TargetKind, Tier};
use crate::runbook::words::words;

/// No folder holds more files than anybody could know.
const MOST: usize = 500;

/// Where this user's own runbooks are, and which of them are trusted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shelf {
    /// The folder with the files; `None` for none.
    pub folder: Option<PathBuf>,
    /// The file that says which contents are trusted; without one none is.
    pub trusted: Option<PathBuf>,
}

/// One runbook, as it stands in its file.
#[derive(Debug, Clone, PartialEq)]
pub struct Book {
    /// What it says.
    pub runbook: Runbook,
    /// Its file: a path, or its name within the program.
    pub file: Text,
    /// The whole text of the file. Not cleaned: it is what is trusted.
    pub text: String,
    /// SHA-256 of that.
    pub hash: String,
    /// For the guard.
    pub trust: Trust,
}

/// A runbook and whether it can be used on a certain resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit<'a> {
    /// The runbook.
    pub book: &'a Book,
    /// Why it cannot, in half a sentence; `None` where it can.
    pub why_not: Option<Text>,
}

/// All runbooks that can be used, and what is wrong with the others.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Library {
    books: Vec<Book>,
    problems: Vec<Problem>,
}

impl Shelf {
    /// The user's runbooks beside a configuration file.
    pub fn of_user(config_file: Option<&Path>, paths: Option<&Paths>) -> Self {
        Self { folder: config_file.map(Paths::runbooks_beside), trusted: paths.map(Paths::trusted_runbooks) }
    }
}

impl Library {
    /// Only those that come with the program.
    pub fn embedded() -> Self {
        Self::load(&Shelf::default())
    }

    /// Those that come with the program and the `*.toml` of the shelf's folder; one that is not there holds none.
    pub fn load(shelf: &Shelf) -> Self {
        let (sources, problems) = shelf.folder.as_deref().map(user_files).unwrap_or_default();
        Self::with(&sources, problems, shelf)
    }

    /// The same with these files in place of the shelf's folder.
    pub fn with_files(paths: &[PathBuf], shelf: &Shelf) -> Self {
        let (sources, problems) = read_files(paths.to_vec());
        Self::with(&sources, problems, shelf)
    }

    fn with(sources: &[Source], mut problems: Vec<Problem>, shelf: &Shelf) -> Self {
        let (trusted, problem) = shelf.trusted.as_deref().map(TrustFile::read).unwrap_or_default();
        problems.extend(problem);
        let mut library = Self::of(&embedded_files(), sources, &words(), &trusted);
        problems.append(&mut library.problems);
        Self { problems, ..library }
    }

    /// From texts that are already there.
    pub fn of(embedded: &[Source], user: &[Source], words: &RunbookWords, trusted: &TrustFile) -> Self {
        let mut found: Vec<(Read, &Source, bool)> = Vec::new();
        let all = embedded.iter().map(|source| (source, true)).chain(user.iter().map(|source| (source, false)));
        for (source, built_in) in all {
            let mut one = read(source, words);
            let same = |(id, _): &(String, _)| {
                // The program's own ids stay its own.
                let holds = |(other, _, built_in): &&(Read, &Source, bool)| {
                    (*built_in || other.runbook.is_some()) && other.id.as_ref().is_some_and(|(other, _)| other == id)
                };
                found.iter().find(holds)
            };
            if let Some((_, other, _)) = one.id.as_ref().and_then(same)
                && let Some((id, position)) = &one.id
            {
                let what = format!("`{id}` is the id of {} already", other.file);
                let problem = Problem::error(&source.file, Some(*position), what);
                one.problems.push(problem.with_suggestion(Some("give it another `id`")));
                one.runbook = None;
            }
            found.push((one, source, built_in));
        }
        refuse_offers(&mut found);
        let mut library = Self::default();
        for (one, source, built_in) in found {
            library.problems.extend(one.problems);
            let Some(runbook) = one.runbook else { continue };
            let hash = hash(&source.text);
            let trust = if built_in { Trust::BuiltIn } else { trust(trusted.judge(&runbook.id, &hash)) };
            let (file, text) = (Text::from(&source.file), source.text.clone());
            library.books.push(Book { runbook, file, text, hash, trust });
        }
        library
    }

    /// The runbooks that can be used: those that come with the program in alphabetical order, then the user's own.
    pub fn books(&self) -> &[Book] {
        &self.books
    }

    /// What is wrong with the files, and what is probably a mistake.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Every runbook that can be used.
    pub fn all(&self) -> impl Iterator<Item = &Runbook> {
        self.books.iter().map(|book| &book.runbook)
    }

    /// The runbook of this id, with its file.
    pub fn book(&self, id: &str) -> Option<&Book> {
        self.books.iter().find(|book| book.runbook.id == id)
    }

    /// The runbook of this id.
    pub fn get(&self, id: &str) -> Option<&Runbook> {
        self.book(id).map(|book| &book.runbook)
    }

    /// What is known of a runbook's file, for the guard. One that there is not is new.
    pub fn trust(&self, id: &str) -> Trust {
        self.book(id).map_or(Trust::New, |book| book.trust.clone())
    }

    /// Every runbook, those that can be used on a resource first, and why the others cannot.
    pub fn for_target(&self, kind: TargetKind, name: &str, tier: Tier) -> Vec<Fit<'_>> {
        let fit = |book| Fit { book, why_not: Book::why_not(book, kind, name, tier) };
        let mut fits: Vec<Fit<'_>> = self.books.iter().map(fit).collect();
        fits.sort_by_key(|fit| (fit.why_not.is_some(), fit.book.runbook.applies_to.kind != kind));
        fits
    }
}

impl Book {
    fn why_not(&self, kind: TargetKind, name: &str, tier: Tier) -> Option<Text> {
        self.runbook.applies_to.why_not(kind, name, tier)
    }
}

fn trust(known: Known) -> Trust {
    match known {
        Known::Trusted => Trust::Trusted,
        Known::Changed => Trust::Changed,
        Known::New => Trust::New,
    }
}

/// Refuses what offers a runbook that there is not, or leads round in a circle.
fn refuse_offers(found: &mut [(Read, &Source, bool)]) {
    let usable: Vec<usize> = (0..found.len()).filter(|index| found[*index].0.runbook.is_some()).collect();
    let refused: Vec<&str> = found
        .iter()
        .filter(|(one, ..)| one.runbook.is_none())
        .filter_map(|(one, source, _)| one.id.as_ref().map(|(id, _)| id.as_str()).or_else(|| stem(&source.file)))
        .collect();
    let offering = |index: &usize| {
        let (one, source, _) = &found[*index];
        let id = one.runbook.as_ref().map(|runbook| runbook.id.as_str()).unwrap_or_default();
        Offering { id, file: &source.file, offers: &one.offers }
    };
    let books: Vec<Offering<'_>> = usable.iter().map(offering).collect();
    let problems = graph::problems(&books, &refused);
    for (index, problem) in problems {
        let (one, ..) = &mut found[usable[index]];
        if problem.weight == Weight::Error {
            one.runbook = None;
        }
        one.problems.push(problem);
    }
}

/// A file that cannot be read has no id; its name is most likely what others call it.
fn stem(file: &str) -> Option<&str> {
    Path::new(file).file_stem().and_then(|stem| stem.to_str())
}

fn embedded_files() -> Vec<Source> {
    let source = |(name, text): (&str, &str)| Source::new(format!("config/runbooks/{name}.toml"), text);
    crate::config::runbooks().into_iter().map(source).collect()
}

/// The runbook files of a folder in the order of their names, and why others are not read.
fn user_files(folder: &Path) -> (Vec<Source>, Vec<Problem>) {
    let mut problems = Vec::new();
    let unreadable =
        |error: std::io::Error| Problem::error(folder.display().to_string(), None, format!("cannot be read: {error}"));
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return (Vec::new(), problems),
        Err(error) => return (Vec::new(), vec![unreadable(error)]),
    };
    let mut paths = Vec::new();
    for entry in entries {
        match entry {
            Ok(entry) => paths.push(entry.path()),
            Err(error) => problems.push(unreadable(error)),
        }
    }
    let hidden = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml") && !hidden(path));
    paths.sort();
    if paths.len() > MOST {
        let what = format!("{} runbooks: only the first {MOST} are read", paths.len());
        problems.push(Problem::error(folder.display().to_string(), None, what));
        paths.truncate(MOST);
    }
    let (sources, refused) = read_files(paths);
    problems.extend(refused);
    (sources, problems)
}

fn read_files(paths: Vec<PathBuf>) -> (Vec<Source>, Vec<Problem>) {
    let mut found = (Vec::new(), Vec::new());
    for path in paths {
        match own::read(&path) {
            Ok(source) => found.0.extend(source),
            Err(problem) => found.1.push(problem),
        }
    }
    found
}

#[cfg(test)]
mod tests;
