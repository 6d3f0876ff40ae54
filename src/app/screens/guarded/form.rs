//! The parameters of a runbook, being filled in: typed within bounds, or chosen from what AWS has.

use tui_input::Input;

use crate::actions::Choice;
use crate::app::cursor::Cursor;
use crate::app::filter::contains;
use crate::base::Text;
use crate::config::runbook::{Param, ParamType};
use crate::model::{EnvId, Target, Value, Values};
use crate::runbook::desk::{Offer, OfferParam};

/// What a field asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Which of several targets is meant.
    Target,
    /// A parameter, by its index.
    Param(usize),
}

/// A field.
#[derive(Debug, Clone)]
pub struct FormField {
    /// What it asks for.
    pub wanted: Wanted,
    /// What is typed: the value, or letters of a choice.
    pub input: Input,
    /// Among the choices that match.
    pub cursor: Cursor,
    /// The choice taken, by its index.
    pub taken: Option<usize>,
    /// Why what is typed cannot be used.
    pub told: Option<Text>,
}

/// A form.
#[derive(Debug, Clone)]
pub struct Form {
    /// Whose.
    pub env: EnvId,
    /// The runbook.
    pub offer: Offer,
    /// Its fields, in order.
    pub fields: Vec<FormField>,
    /// The field that the keys go to.
    pub at: usize,
    /// The choices on the target that was picked, where that is not the one they were offered for.
    pub picked: Option<Picked>,
}

/// The choices on another target than the first.
#[derive(Debug, Clone)]
pub struct Picked {
    /// Of the request for them.
    pub number: u64,
    /// The target's ARN.
    pub arn: Text,
    /// Of each parameter; `None` until AWS has answered.
    pub choices: Option<Vec<Vec<Choice>>>,
}

/// A choice of a field.
#[derive(Debug, Clone, Copy)]
pub enum Chosen<'a> {
    /// A target.
    Target(&'a Target),
    /// A value of a parameter.
    Value(&'a Choice),
}

impl Chosen<'_> {
    /// How it is called.
    pub fn label(&self) -> &str {
        match self {
            Self::Target(target) => &target.name,
            Self::Value(choice) => &choice.label,
        }
    }

    /// Why it cannot be taken; empty where it can.
    pub fn unusable(&self) -> &str {
        match self {
            Self::Target(_) => "",
            Self::Value(choice) => &choice.unusable,
        }
    }

    fn matches(&self, word: &str) -> bool {
        let more = match self {
            Self::Target(target) => &target.arn,
            Self::Value(choice) => &choice.says,
        };
        contains(self.label(), word) || contains(more, word)
    }
}

impl Form {
    /// A form for a runbook; the marked or the first usable choice of each field is under the cursor.
    pub fn new(env: EnvId, offer: Offer) -> Self {
        let several = (offer.targets.len() > 1).then_some(Wanted::Target);
        let wanted = several.into_iter().chain((0..offer.params.len()).map(Wanted::Param));
        let field =
            |wanted| FormField { wanted, input: Input::default(), cursor: Cursor::default(), taken: None, told: None };
        let mut form = Self { env, fields: wanted.map(field).collect(), offer, at: 0, picked: None };
        for index in 0..form.fields.len() {
            form.fields[index].cursor.selected = form.likely(index);
        }
        form
    }

    /// True where nothing is to be filled in.
    pub fn is_trivial(&self) -> bool {
        self.fields.is_empty()
    }

    /// The field that the keys go to.
    pub fn field(&self) -> Option<&FormField> {
        self.fields.get(self.at)
    }

    /// The target: the one that was picked, or the only one.
    pub fn target(&self) -> Option<&Target> {
        let field = self.fields.iter().find(|field| field.wanted == Wanted::Target);
        match field {
            Some(field) => self.offer.targets.get(field.taken?),
            None => self.offer.targets.first(),
        }
    }

    /// The parameter of a field.
    pub fn param(&self, field: &FormField) -> Option<&OfferParam> {
        match field.wanted {
            Wanted::Target => None,
            Wanted::Param(index) => self.offer.params.get(index),
        }
    }

    /// The target that was picked, where its choices were not asked for yet.
    pub fn unasked(&self) -> Option<&Target> {
        let target = self.target().filter(|target| Some(*target) != self.offer.targets.first())?;
        self.picked.as_ref().is_none_or(|picked| picked.arn != target.arn).then_some(target)
    }

    /// True while AWS is asked what can be chosen on the target that was picked.
    pub fn is_asking(&self) -> bool {
        self.unasked().is_some() || self.of_picked().is_some_and(|picked| picked.choices.is_none())
    }

    /// What is known of the target that was picked; nothing for the first, which the offer speaks of.
    fn of_picked(&self) -> Option<&Picked> {
        let target = self.target().filter(|target| Some(*target) != self.offer.targets.first())?;
        self.picked.as_ref().filter(|picked| picked.arn == target.arn)
    }

    /// Begins the parameters anew: what was chosen was there on another target.
    pub fn begin_params(&mut self) {
        for index in 0..self.fields.len() {
            if self.fields[index].wanted == Wanted::Target {
                continue;
            }
            let selected = self.likely(index);
            let wanted = self.fields[index].wanted;
            let cursor = Cursor { selected, ..Cursor::default() };
            self.fields[index] = FormField { wanted, input: Input::default(), cursor, taken: None, told: None };
        }
    }

    /// The choices on the target that was picked have come.
    pub fn answered(&mut self, number: u64, choices: Vec<Vec<Choice>>) {
        let Some(picked) = self.picked.as_mut().filter(|picked| picked.number == number) else { return };
        picked.choices = Some(choices);
        for index in 0..self.fields.len() {
            let untouched = self.fields[index].input.value().is_empty() && self.fields[index].taken.is_none();
            if untouched && self.fields[index].wanted != Wanted::Target {
                self.fields[index].cursor.selected = self.likely(index);
            }
        }
    }

    /// What can be chosen in a field, on the target that was picked.
    pub fn choices(&self, field: &FormField) -> Vec<Chosen<'_>> {
        match field.wanted {
            Wanted::Target => self.offer.targets.iter().map(Chosen::Target).collect(),
            Wanted::Param(index) => {
                let first = self.target().is_none_or(|target| Some(target) == self.offer.targets.first());
                let choices: &[Choice] = match (first, self.of_picked()) {
                    (true, _) => self.offer.params.get(index).map_or(&[], |param| &param.choices),
                    (false, Some(Picked { choices: Some(all), .. })) => all.get(index).map_or(&[], Vec::as_slice),
                    (false, _) => &[],
                };
                choices.iter().map(Chosen::Value).collect()
            }
        }
    }

    /// Indices of the choices of a field that match what is typed; all of them once one is taken.
    pub fn matches(&self, field: &FormField) -> Vec<usize> {
        let typed = field.input.value().trim().to_lowercase();
        let all = field.taken.is_some() || typed.is_empty();
        let choices = self.choices(field);
        let fits = |choice: &Chosen<'_>| all || typed.split_whitespace().all(|word| choice.matches(word));
        choices.iter().enumerate().filter(|(_, choice)| fits(choice)).map(|(index, _)| index).collect()
    }

    /// The choice that is probably meant: the last that completed, else the first that can be used.
    fn likely(&self, field: usize) -> usize {
        let Some(field) = self.fields.get(field) else { return 0 };
        let choices = self.choices(field);
        let default = self.param(field).map(|param| &param.default);
        let is_default = |choice: &Chosen<'_>| match choice {
            Chosen::Value(choice) => Some(&choice.value) == default,
            Chosen::Target(_) => false,
        };
        let marked = |choice: &Chosen<'_>| matches!(choice, Chosen::Value(choice) if choice.last_completed);
        let usable = |choice: &Chosen<'_>| {
            choice.unusable().is_empty() && !matches!(choice, Chosen::Value(choice) if choice.current)
        };
        let found = choices.iter().position(is_default).or_else(|| choices.iter().position(marked));
        found.or_else(|| choices.iter().position(usable)).unwrap_or(0)
    }

    /// Takes what stands in the field that the keys go to; false, with the reason told, where it cannot be used.
    pub fn take(&mut self) -> bool {
        let Some(field) = self.fields.get(self.at) else { return true };
        let outcome = self.value(field, true);
        let Some(field) = self.fields.get_mut(self.at) else { return true };
        match outcome {
            Err(why) => {
                field.told = Some(why);
                false
            }
            Ok((taken, label)) => {
                field.told = None;
                if let Some(label) = label {
                    field.input = Input::new(label);
                }
                field.taken = taken;
                true
            }
        }
    }

    /// What a field comes to: a choice with its label, or `None` for what is typed. `pick` takes the choice under the
    /// cursor where none is taken yet.
    fn value(&self, field: &FormField, pick: bool) -> Result<(Option<usize>, Option<String>), Text> {
        let choices = self.choices(field);
        let (typed, param) = (field.input.value().trim(), self.param(field));
        if !choices.is_empty() {
            let matches = self.matches(field);
            let chosen = match (field.taken, pick) {
                (Some(taken), _) if !pick || matches.get(field.cursor.selected) == Some(&taken) => Some(taken),
                (_, true) => matches.get(field.cursor.selected).copied(),
                _ => None,
            };
            let found = chosen.and_then(|index| Some((index, choices.get(index)?)));
            let Some((index, choice)) = found else {
                return Err(Text::new(if typed.is_empty() {
                    "one must be chosen".to_owned()
                } else {
                    format!("nothing here is called {typed}: delete some letters")
                }));
            };
            return match choice.unusable() {
                "" => Ok((Some(index), Some(choice.label().to_owned()))),
                why => Err(Text::new(format!("{} cannot be chosen: {why}", choice.label()))),
            };
        }
        let Some(param) = param else { return Err("there is no target".into()) };
        if typed.is_empty() {
            let lacking = param.required && param.default == Value::None;
            return if lacking { Err("a value is needed".into()) } else { Ok((None, None)) };
        }
        accepted(param, typed).map(|_| (None, None))
    }

    /// The parameters as they stand: by name, without those that stay at their default.
    ///
    /// # Errors
    /// The first field that cannot be used as it stands.
    pub fn values(&self) -> Result<Values, usize> {
        let mut values = Values::new();
        for (index, field) in self.fields.iter().enumerate() {
            let (taken, _) = self.value(field, false).map_err(|_| index)?;
            let Some(param) = self.param(field) else { continue };
            let typed = field.input.value().trim();
            let value = match taken.and_then(|taken| self.choices(field).get(taken).copied()) {
                Some(Chosen::Value(choice)) => choice.value.clone(),
                Some(Chosen::Target(_)) => continue,
                None if typed.is_empty() => continue,
                None => accepted(param, typed).map_err(|_| index)?,
            };
            values.insert(param.name.to_string(), value);
        }
        Ok(values)
    }
}

/// What was typed, as a value within the bounds.
fn accepted(param: &OfferParam, typed: &str) -> Result<Value, Text> {
    let kinds = [
        ParamType::Count,
        ParamType::Number,
        ParamType::Text,
        ParamType::Flag,
        ParamType::Duration,
        ParamType::TaskDefinition,
        ParamType::Version,
        ParamType::Instance,
    ];
    let kind = kinds.into_iter().find(|kind| kind.word() == &*param.kind).unwrap_or(ParamType::Text);
    let bounded = Param {
        name: param.name.to_string(),
        kind,
        default: None,
        min: param.min.number(),
        max: param.max.number(),
        choices: Vec::new(),
        help: param.help.clone(),
        required: param.required,
    };
    bounded.accept(typed)
}
