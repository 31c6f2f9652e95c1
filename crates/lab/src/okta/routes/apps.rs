//! `/apps`: applications and who may use them.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{Answered, Okta, api, body, no_such_method, no_such_path, ok};
use crate::okta::page::Page;
use crate::okta::refusal::Refusal;
use crate::okta::search;
use crate::serve::{Asked, reply};

impl Okta {
    pub(super) fn apps(&self, asked: &Asked, rest: &[&str], now: Timestamp) -> Answered {
        match (asked.method.as_str(), rest) {
            ("GET", []) => self.list_apps(asked),
            ("POST", []) => {
                let body = body(asked)?;
                let label = body["label"].as_str().filter(|label| !label.is_empty());
                let missing =
                    || Refusal::invalid("label", vec!["label: The field cannot be left blank".to_owned()]);
                let mut directory = self.write();
                let place = directory.create_app(label.ok_or_else(missing)?, now);
                ok(&directory.apps.get(place).map(|app| app.to_json(&api(asked))).unwrap_or_default())
            }
            ("GET", [id]) => ok(&self.read().app(id)?.to_json(&api(asked))),
            ("GET", [id, "users"]) => {
                let page = Page::of(asked, 50, 500)?;
                let directory = self.read();
                let app = directory.app(id)?;
                let people = directory.assignments(directory.app_place(id)?, page.after);
                Ok(page
                    .answer(asked, people, |(user, assignment)| assignment.to_json(app, user, &api(asked))))
            }
            ("GET", [id, "users", key]) => self.show_assignment(asked, id, key),
            ("POST" | "PUT", [id, "users"]) => {
                let body = body(asked)?;
                let key = body["id"].as_str().unwrap_or_default();
                self.assign(asked, id, key, &body, now)
            }
            ("POST" | "PUT", [id, "users", key]) => {
                let body = if asked.is_empty() { Value::Null } else { body(asked)? };
                self.assign(asked, id, key, &body, now)
            }
            ("DELETE", [id, "users", key]) => {
                let mut directory = self.write();
                let (app, user) = (directory.app_place(id)?, directory.user_place(key)?);
                if directory.unassign(app, user, now) {
                    Ok(reply::nothing(StatusCode::NO_CONTENT))
                } else {
                    Err(Refusal::not_found("AppUser", key))
                }
            }
            (_, [] | [_] | [_, "users"] | [_, "users", _]) => Err(no_such_method()),
            _ => Err(no_such_path()),
        }
    }

    fn list_apps(&self, asked: &Asked) -> Answered {
        let filter = asked.get("filter").map(|text| search::parse(text, search::APPS)).transpose()?;
        let page = Page::of(asked, 20, 200)?;
        let directory = self.read();
        let is_of = |path: &provost_scim::Path| (path.to_string() == "user.id").then_some(());
        let owner = filter.as_ref().and_then(|filter| filter.must_equal(&is_of)).map(|((), id)| id);
        let owner = owner.map(|id| directory.user_place(id)).transpose()?;
        let start = asked.get("q").unwrap_or_default().to_lowercase();
        let apps = directory.apps.after(page.after).filter(|(place, app)| {
            let is_owned = owner.is_none_or(|user| directory.assignment(*place, user).is_some());
            is_owned && (app.label.to_lowercase().starts_with(&start) || app.name.starts_with(&start))
        });
        Ok(page.answer(asked, apps, |app| app.to_json(&api(asked))))
    }

    fn show_assignment(&self, asked: &Asked, id: &str, key: &str) -> Answered {
        let directory = self.read();
        let (app, user) = (directory.app(id)?, directory.user(key)?);
        let found = directory.assignment(directory.app_place(id)?, directory.user_place(key)?);
        let found = found.ok_or_else(|| Refusal::not_found("AppUser", key))?;
        ok(&found.to_json(app, user, &api(asked)))
    }

    fn assign(&self, asked: &Asked, id: &str, key: &str, body: &Value, now: Timestamp) -> Answered {
        let mut directory = self.write();
        let (app, user) = (directory.app_place(id)?, directory.user_place(key)?);
        let profile: Map<String, Value> = body["profile"].as_object().cloned().unwrap_or_default();
        directory.assign(app, user, profile, now);
        drop(directory);
        self.show_assignment(asked, id, key)
    }
}
