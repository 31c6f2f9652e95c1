//! Values that are hard to carry, or that mean to do harm.

use futures_util::FutureExt as _;
use provost_core::{Account, Attributes, Context, FaultKind, LookUp, Verb};
use provost_engine::Outcome;
use serde_json::Value;

use super::bench::Bench;
use super::{Check, End, Need, ensure};

const CREATE: Need = Need::Verbs(&[Verb::Create]);
const UPDATE: Need = Need::Verbs(&[Verb::Create, Verb::Update]);

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "case",
        about: "A mail address in capital letters finds its owner or nobody.",
        needs: CREATE,
        run: |bench| case(bench).boxed_local(),
    },
    Check {
        name: "unicode",
        about: "Names of all scripts come back as they were written.",
        needs: CREATE,
        run: |bench| unicode(bench).boxed_local(),
    },
    Check {
        name: "hostile",
        about: "No value of a look-up widens it.",
        needs: CREATE,
        run: |bench| hostile(bench).boxed_local(),
    },
    Check {
        name: "unknown-attribute",
        about: "An attribute that the system does not have is refused or left out, and harms nothing else.",
        needs: UPDATE,
        run: |bench| unknown_attribute(bench).boxed_local(),
    },
];

/// A composed and a decomposed letter, two directions, and one outside of the basic plane.
const NAME: &str = "Åse Be\u{301}la מרים \u{1f642}";

/// Values that mean something in the query languages of systems.
const HOSTILE: [&str; 14] = [
    "\" or userName pr or \"",
    "x\" or profile.login pr or \"",
    "' or '1'='1",
    "x' or startswith(mail,'a') or '",
    "*",
    "%",
    "x^ORactive=true",
    "x^NQactive=true",
    "javascript:gs.getUserID()",
    "a)(uid=*",
    "../users",
    "a\nb",
    "a,b",
    "\u{202e}moc.elpmaxe@nna",
];

async fn case(bench: &Bench<'_>) -> End {
    let (mut person, made) = bench.make("case").await?;
    let address = person.get("email").and_then(Value::as_str).unwrap_or_default().to_uppercase();
    person.insert("email".to_owned(), address.clone().into());
    person.insert("username".to_owned(), address.into());
    let got = bench.run(Verb::Get, &person).await?.record;
    ensure(!got.success || got.id == made.id, || "another account is found".to_owned())?;
    Ok(if got.success { "its owner" } else { "nobody" }.to_owned())
}

async fn unicode(bench: &Bench<'_>) -> End {
    let mut person = bench.person("unicode");
    for field in ["givenname", "surname"] {
        person.insert(field.to_owned(), NAME.into());
    }
    bench.done(Verb::Create, &person).await?;
    bench
        .until(&person, |got| {
            let shown = got.profile.get("surname").and_then(Value::as_str).unwrap_or_default();
            ensure(shown == NAME, || format!("`{NAME}` became `{shown}`"))
        })
        .await?;
    Ok(format!("`{NAME}`"))
}

async fn hostile(bench: &Bench<'_>) -> End {
    bench.make("hostile").await?;
    let accounts = bench.kit.instance.connector.accounts().ok_or("there are no accounts")?;
    let (mut asked, mut refused) = (0, 0);
    for attribute in accounts.look_up() {
        for value in HOSTILE {
            asked += 1;
            let look_up = LookUp { attribute: attribute.clone(), value: value.to_owned() };
            // The engine's own check is left out: the query itself must find nobody.
            match accounts.find(&Context::default(), &look_up).await {
                Ok(found) => ensure(found.iter().all(|account| account.carries(&look_up)), || {
                    format!("{attribute} = `{value}` finds {} accounts that have another value", found.len())
                })?,
                // A system may break over a value, as long as it shows nobody.
                Err(fault) => {
                    ensure(fault.kind != FaultKind::Bug, || {
                        format!("{attribute} = `{value}`: {}", fault.message)
                    })?;
                    refused += 1;
                }
            }
        }
    }
    Ok(format!("{asked} values found nobody; {refused} of them were refused"))
}

/// A system may refuse a value; it may not break over it.
fn is_refusal(kind: FaultKind) -> bool {
    !matches!(kind, FaultKind::Bug | FaultKind::BadAnswer | FaultKind::AnswerLost | FaultKind::Unavailable)
}

async fn unknown_attribute(bench: &Bench<'_>) -> End {
    const UNKNOWN: &str = "provostHasNoSuchAttribute";
    let (person, made) = bench.make("unknown-attribute").await?;
    let accounts = bench.kit.instance.connector.accounts().ok_or("there are no accounts")?;
    let id = made.id.clone().unwrap_or_default();
    bench.until(&person, |got| found(got, &id)).await?;
    let target = Account { active: made.active, ..Account::known_by(id.as_str().into()) };
    let attributes = Attributes::from_iter([(UNKNOWN.to_owned(), Value::from("x"))]);
    let note = match accounts.update(&Context::default(), &target, &attributes).await {
        Ok(_) => "it was taken or left out".to_owned(),
        Err(fault) => {
            bench.look_at("update", &fault.message);
            ensure(is_refusal(fault.kind), || fault.message.clone())?;
            format!("refused: {}", fault.message.trim())
        }
    };
    bench.until(&person, |got| found(got, &id)).await?;
    Ok(note)
}

fn found(got: &Outcome, id: &str) -> Result<(), String> {
    ensure(got.record.id.as_deref() == Some(id), || format!("account {id} is not found"))
}
