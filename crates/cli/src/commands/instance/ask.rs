//! The questions of `provost instance add`, each answered well before the next is asked.

use std::io::IsTerminal as _;

use inquire::validator::Validation;
use inquire::{Select, Text};
use provost_connectors::{Catalogue, Manifest, Parameter, ParameterType};

use super::add::Settings;
use super::block;
use crate::compose;
use crate::config::Reference;
use crate::output::Hinted;

/// One thing to ask for.
struct Question {
    key: String,
    help: String,
    example: String,
    kind: ParameterType,
}

/// Asks for the required parameters that were not given.
///
/// # Errors
/// Nobody there to ask, or no answer.
pub(super) fn missing(instance: &str, manifest: &Manifest, settings: &mut Settings) -> anyhow::Result<()> {
    let required = manifest.parameters.iter().filter(|(_, parameter)| parameter.required);
    for question in required.flat_map(|(name, parameter)| questions(instance, name, parameter)) {
        if !settings.contains_key(&question.key) {
            let answer = question.ask()?;
            settings.insert(question.key, answer);
        }
    }
    Ok(())
}

/// Asks for the integration.
///
/// # Errors
/// Nobody there to ask, or no answer.
pub(super) fn integration(catalogue: &Catalogue) -> anyhow::Result<String> {
    let names = catalogue.names();
    if !std::io::stdin().is_terminal() {
        return Err(Hinted::new("`--integration` is not set")
            .hint(format!("known are {}", names.join(", ")))
            .into());
    }
    Ok(Select::new("Integration", names).prompt()?)
}

/// A parameter's questions: two for a user name with its password.
fn questions(instance: &str, name: &str, parameter: &Parameter) -> Vec<Question> {
    let secret = |key: String, help: &str| Question {
        help: format!("{help}. Where it is: env:NAME, file:PATH or command:LINE"),
        example: format!("env:{}", variable(instance, &key)),
        kind: ParameterType::Secret,
        key,
    };
    let (help, example) = (parameter.help.clone(), parameter.example.clone());
    match parameter.r#type {
        ParameterType::Basic => vec![
            Question {
                key: format!("{name}.username"),
                help: "User name".to_owned(),
                example,
                kind: ParameterType::Text,
            },
            secret(format!("{name}.password"), "Password"),
        ],
        ParameterType::Secret => vec![secret(name.to_owned(), &help)],
        kind => vec![Question { key: name.to_owned(), help, example, kind }],
    }
}

/// The environment variable that a secret is expected in, such as `HELLO_PASSWORD`.
fn variable(instance: &str, key: &str) -> String {
    let last = key.rsplit('.').next().unwrap_or(key);
    let upper = |text: &str| text.replace(['-', '.'], "_").to_uppercase();
    format!("{}_{}", upper(instance), upper(last))
}

impl Question {
    fn ask(&self) -> anyhow::Result<String> {
        if !std::io::stdin().is_terminal() {
            let example = if self.example.is_empty() { "..." } else { &self.example };
            return Err(Hinted::new(format!("`{}` is not set", self.key))
                .hint(format!("add --set {}={example}", self.key))
                .into());
        }
        let kind = self.kind;
        let validate = move |answer: &str| {
            Ok(complaint(kind, answer.trim())
                .map_or(Validation::Valid, |text| Validation::Invalid(text.into())))
        };
        let prompt = Text::new(&self.key).with_help_message(&self.help).with_validator(validate);
        let prompt = match self.kind {
            ParameterType::Secret => prompt.with_default(&self.example),
            _ => prompt.with_placeholder(&self.example),
        };
        Ok(prompt.prompt()?.trim().to_owned())
    }
}

/// Why an answer will not do.
fn complaint(kind: ParameterType, answer: &str) -> Option<String> {
    if answer.is_empty() {
        return Some("This is needed.".to_owned());
    }
    if kind == ParameterType::Secret {
        let problem = Reference::parse(answer).err()?;
        return Some(format!("{problem}: {}", problem.hints().join(", ")));
    }
    let wanted = compose::plain_value(kind, &block::typed(kind, answer)).err()?;
    Some(format!("This must be {wanted}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_judged_at_once() {
        use ParameterType::{Boolean, Number, Secret, Text, Url};
        for (kind, answer) in [
            (Url, "https://h"),
            (Text, "app"),
            (Text, "007"),
            (Secret, "env:X"),
            (Number, "1.5"),
            (Boolean, "true"),
        ] {
            assert_eq!(complaint(kind, answer), None, "{answer}");
        }
        for (kind, answer, expected) in [
            (Url, "h.example.com", "https://"),
            (Url, "", "needed"),
            (Secret, "envv:X", "did you mean `env`?"),
            (Number, "many", "a number"),
            (Boolean, "1", "`true` or `false`"),
        ] {
            assert!(complaint(kind, answer).is_some_and(|text| text.contains(expected)), "{answer}");
        }
    }

    #[test]
    fn a_user_name_and_its_password_are_asked_for_apart() {
        let package = Catalogue::default().open("hello-iam-world").unwrap();
        let asked = questions("okta-prod", "credentials", &package.manifest.parameters["credentials"]);
        let asked: Vec<(&str, &str, &str)> = asked
            .iter()
            .map(|question| (question.key.as_str(), question.help.as_str(), question.example.as_str()))
            .collect();
        assert_eq!(
            asked,
            [
                ("credentials.username", "User name", ""),
                (
                    "credentials.password",
                    "Password. Where it is: env:NAME, file:PATH or command:LINE",
                    "env:OKTA_PROD_PASSWORD"
                ),
            ]
        );
    }
}
