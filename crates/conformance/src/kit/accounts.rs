//! Joiners, movers and leavers.

use futures_util::FutureExt as _;
use provost_core::{Attributes, Verb};
use serde_json::Value;

use super::bench::{Bench, failure, has_code, writes};
use super::{Check, End, Need, ensure};

const CREATE: Need = Need::Verbs(&[Verb::Create]);
const UPDATE: Need = Need::Verbs(&[Verb::Create, Verb::Update]);
const DISABLE: Need = Need::Verbs(&[Verb::Create, Verb::Disable]);
const ENABLE: Need = Need::Verbs(&[Verb::Create, Verb::Disable, Verb::Enable]);
const STAYS: Need = Need::Verbs(&[Verb::Create, Verb::Update, Verb::Disable]);

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "reachable",
        about: "The system answers and knows us.",
        needs: Need::Nothing,
        run: |bench| reachable(bench).boxed_local(),
    },
    Check {
        name: "nobody",
        about: "Somebody who is not there is not found.",
        needs: Need::Verbs(&[]),
        run: |bench| nobody(bench).boxed_local(),
    },
    Check {
        name: "create",
        about: "An account that was made is found, and in use where new ones are.",
        needs: CREATE,
        run: |bench| create(bench).boxed_local(),
    },
    Check {
        name: "create-twice",
        about: "A second create makes no second account.",
        needs: UPDATE,
        run: |bench| create_twice(bench).boxed_local(),
    },
    Check {
        name: "update",
        about: "A change is seen afterwards.",
        needs: UPDATE,
        run: |bench| update(bench).boxed_local(),
    },
    Check {
        name: "update-same",
        about: "An update to what is there already sends no write.",
        needs: Need::SkipsUnchanged,
        run: |bench| update_same(bench).boxed_local(),
    },
    Check {
        name: "disable",
        about: "A disabled account is out of use.",
        needs: DISABLE,
        run: |bench| disable(bench).boxed_local(),
    },
    Check {
        name: "disable-twice",
        about: "A second disable is skipped and writes nothing.",
        needs: DISABLE,
        run: |bench| disable_twice(bench).boxed_local(),
    },
    Check {
        name: "stays-disabled",
        about: "An update that may not enable leaves an account out of use.",
        needs: STAYS,
        run: |bench| stays_disabled(bench).boxed_local(),
    },
    Check {
        name: "enable",
        about: "A disabled account can be put back in use.",
        needs: ENABLE,
        run: |bench| enable(bench).boxed_local(),
    },
    Check {
        name: "enable-twice",
        about: "A second enable is skipped and writes nothing.",
        needs: ENABLE,
        run: |bench| enable_twice(bench).boxed_local(),
    },
];

async fn reachable(bench: &Bench<'_>) -> End {
    let tested = provost_engine::test(bench.kit.instance, &provost_core::Trace::default()).await;
    tested.map(|()| "it does".to_owned()).map_err(|fault| {
        bench.look_at("test-module", &fault.message);
        bench.give_up_after(fault.kind);
        fault.message
    })
}

async fn nobody(bench: &Bench<'_>) -> End {
    let got = bench.run(Verb::Get, &bench.person("nobody")).await?.record;
    ensure(!got.success, || format!("`iam-get-user` shows account {}", got.id.clone().unwrap_or_default()))?;
    ensure(has_code(&got, "404"), || failure(&got))?;
    Ok(got.error_message)
}

async fn create(bench: &Bench<'_>) -> End {
    let (person, made) = bench.begin("create").await?;
    ensure(made.action == Verb::Create, || format!("the action is {}", made.action))?;
    let id = made.id.clone().ok_or("the record has no id")?;
    bench.until(&person, |got| has_id(got, &id)).await?;
    let starts_enabled = bench.starts_enabled();
    bench.until(&person, |got| is_active(got, starts_enabled)).await?;
    Ok(format!("account {id}{}", if starts_enabled { "" } else { ", out of use until it is enabled" }))
}

async fn create_twice(bench: &Bench<'_>) -> End {
    let (person, made) = bench.make("create-twice").await?;
    let id = made.id.clone().unwrap_or_default();
    bench.until(&person, |got| has_id(got, &id)).await?;
    let again = bench.done(Verb::Create, &person).await?.record;
    // A skipped record need not say which account it is about.
    ensure(again.skipped || again.id == made.id, || {
        format!("there are two: {id} and {}", again.id.clone().unwrap_or_default())
    })?;
    ensure(again.action != Verb::Create, || "the second create is called a create".to_owned())?;
    Ok(format!("the second one was an {}", again.action))
}

async fn update(bench: &Bench<'_>) -> End {
    let (person, made) = bench.make("update").await?;
    let person = Bench::renamed(&person, "Changed");
    let updated = bench.done(Verb::Update, &person).await?.record;
    ensure(updated.id == made.id, || "the record is about another account".to_owned())?;
    bench.until(&person, |got| shows(&got.profile, "surname", "Changed")).await
}

async fn update_same(bench: &Bench<'_>) -> End {
    let (person, _) = bench.make("update-same").await?;
    let person = Bench::renamed(&person, "Same");
    bench.done(Verb::Update, &person).await?;
    bench.until(&person, |got| shows(&got.profile, "surname", "Same")).await?;
    let again = bench.done(Verb::Update, &person).await?;
    ensure(writes(&again) == 0, || "the second update was sent to the system".to_owned())?;
    ensure(again.record.skipped, || "it does not say that nothing was written".to_owned())?;
    Ok(again.record.reason)
}

async fn disable(bench: &Bench<'_>) -> End {
    let (person, made) = bench.make("disable").await?;
    let disabled = bench.done(Verb::Disable, &person).await?.record;
    ensure(disabled.id == made.id, || "the record is about another account".to_owned())?;
    ensure(disabled.active != Some(true), || "the record says that it is active".to_owned())?;
    bench.until(&person, is_out_of_use).await
}

async fn disable_twice(bench: &Bench<'_>) -> End {
    let (person, _) = bench.make("disable-twice").await?;
    bench.done(Verb::Disable, &person).await?;
    bench.until(&person, is_out_of_use).await?;
    let again = bench.done(Verb::Disable, &person).await?;
    ensure(again.record.skipped && writes(&again) == 0, || "it was disabled once more".to_owned())?;
    Ok(again.record.reason)
}

async fn stays_disabled(bench: &Bench<'_>) -> End {
    let (person, _) = bench.make("stays-disabled").await?;
    bench.done(Verb::Disable, &person).await?;
    let state = bench.until(&person, is_out_of_use).await?;
    if state == GONE {
        return Ok("a disabled account is gone, so that an update makes it anew".to_owned());
    }
    let person = Bench::renamed(&person, "Gone");
    let updated = bench.run_with(Verb::Update, &person, false).await?.record;
    ensure(updated.active != Some(true), || "the record says that it is active".to_owned())?;
    bench.until(&person, is_out_of_use).await
}

async fn enable(bench: &Bench<'_>) -> End {
    let (person, _) = bench.make("enable").await?;
    bench.done(Verb::Disable, &person).await?;
    bench.until(&person, |got| is_active(got, false)).await?;
    bench.done(Verb::Enable, &person).await?;
    bench.until(&person, |got| is_active(got, true)).await
}

async fn enable_twice(bench: &Bench<'_>) -> End {
    let (person, _) = bench.make("enable-twice").await?;
    bench.until(&person, |got| is_active(got, true)).await?;
    let again = bench.done(Verb::Enable, &person).await?;
    ensure(again.record.skipped && writes(&again) == 0, || "it was enabled once more".to_owned())?;
    Ok(again.record.reason)
}

fn has_id(got: &provost_engine::Outcome, id: &str) -> Result<(), String> {
    let record = &got.record;
    ensure(record.success, || failure(record))?;
    ensure(record.id.as_deref() == Some(id), || {
        format!("account {id} was made, but {} is found", record.id.clone().unwrap_or_default())
    })
}

/// A system that does not say whether an account is in use contradicts nobody.
fn is_active(got: &provost_engine::Outcome, wanted: bool) -> End {
    let record = &got.record;
    ensure(record.success, || failure(record))?;
    match record.active {
        Some(active) if active == wanted => Ok(if active { "active" } else { "out of use" }.to_owned()),
        Some(active) => Err(format!("it is still {}", if active { "active" } else { "out of use" })),
        None => Ok("the system does not say".to_owned()),
    }
}

const GONE: &str = "it is gone";

/// Out of use, or gone: some systems disable by deleting.
fn is_out_of_use(got: &provost_engine::Outcome) -> End {
    if has_code(&got.record, "404") { Ok(GONE.to_owned()) } else { is_active(got, false) }
}

fn shows(profile: &Attributes, field: &str, wanted: &str) -> End {
    match profile.get(field).and_then(Value::as_str) {
        Some(value) if value == wanted => Ok(format!("`{field}` is `{wanted}`")),
        Some(value) => Err(format!("`{field}` is `{value}`, and `{wanted}` was written")),
        None => Err(format!("`{field}` is not shown; does the incoming mapper have it?")),
    }
}
