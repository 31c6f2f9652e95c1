//! `/users`: people, their lives and their passwords.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::json;

use super::{Answered, Okta, api, body, no_such_method, no_such_path, ok};
use crate::okta::directory::NewUser;
use crate::okta::lifecycle::Step;
use crate::okta::page::Page;
use crate::okta::search;
use crate::okta::user::{Status, User};
use crate::serve::{Asked, reply};

impl Okta {
    pub(super) fn users(&self, asked: &Asked, rest: &[&str], now: Timestamp) -> Answered {
        match (asked.method.as_str(), rest) {
            ("GET", []) => self.list_users(asked),
            ("POST", []) => self.create_user(asked, now),
            ("GET", [key]) => ok(&self.read().user(key)?.to_json(&api(asked))),
            ("POST", [key]) => self.update_user(asked, key, false, now),
            ("PUT", [key]) => self.update_user(asked, key, true, now),
            ("DELETE", [key]) => {
                let mut directory = self.write();
                let place = directory.user_place(key)?;
                directory.delete_user(place, now)?;
                Ok(reply::nothing(StatusCode::NO_CONTENT))
            }
            ("GET", [key, "groups"]) => {
                let directory = self.read();
                let groups = directory.groups_of(directory.user_place(key)?);
                ok(&groups.map(|group| group.to_json(&api(asked))).collect())
            }
            ("POST", [key, "lifecycle", step]) => self.step(asked, key, step, now),
            ("POST", [key, "credentials", "change_password"]) => {
                let body = body(asked)?;
                let mut directory = self.write();
                let place = directory.user_place(key)?;
                directory.change_password(place, &body, now)?;
                ok(&json!({"password": {}, "provider": {"type": "OKTA", "name": "OKTA"}}))
            }
            (_, [] | [_] | [_, "groups"] | [_, "lifecycle", _]) => Err(no_such_method()),
            _ => Err(no_such_path()),
        }
    }

    fn list_users(&self, asked: &Asked) -> Answered {
        let filter = match (asked.get("search"), asked.get("filter")) {
            (Some(text), _) => Some(search::parse(text, search::USER_SEARCH)?),
            (None, Some(text)) => Some(search::parse(text, search::USER_FILTER)?),
            (None, None) => None,
        };
        let words = asked.get("q").map(str::to_lowercase);
        let page = Page::of(asked, if words.is_some() { 10 } else { 200 }, 200)?;
        let directory = self.read();
        let api = api(asked);
        let show = |user: &User| user.to_json(&api);
        let Some(filter) = filter else {
            // Whoever is deactivated is found by a filter only.
            let users =
                directory.users.after(page.after).filter(|(_, user)| user.status != Status::Deprovisioned);
            let is_meant = |user: &User| {
                let Some(words) = &words else { return true };
                ["firstName", "lastName", "email"]
                    .iter()
                    .any(|name| user.text(name).to_lowercase().starts_with(words))
            };
            return Ok(page.answer(asked, users.filter(|(_, user)| is_meant(user)), show));
        };
        if let Some((index, value)) = search::user_index(&filter) {
            let users = directory.users.found(index, &value).filter(|(place, _)| *place > page.after);
            return Ok(page.answer(asked, users.filter(|(_, user)| search::finds_user(&filter, user)), show));
        }
        let users = directory.users.after(page.after).filter(|(_, user)| search::finds_user(&filter, user));
        Ok(page.answer(asked, users, show))
    }

    fn create_user(&self, asked: &Asked, now: Timestamp) -> Answered {
        let body = body(asked)?;
        let mut directory = self.write();
        let activates = asked.get("activate") != Some("false");
        let place = directory.create_user(&NewUser { body: &body, activates }, now)?;
        ok(&directory.users.get(place).map(|user| user.to_json(&api(asked))).unwrap_or_default())
    }

    fn update_user(&self, asked: &Asked, key: &str, is_whole: bool, now: Timestamp) -> Answered {
        let body = body(asked)?;
        let mut directory = self.write();
        let place = directory.user_place(key)?;
        directory.update_user(place, &body, is_whole, now)?;
        ok(&directory.users.get(place).map(|user| user.to_json(&api(asked))).unwrap_or_default())
    }

    fn step(&self, asked: &Asked, key: &str, step: &str, now: Timestamp) -> Answered {
        let step = Step::of(step).ok_or_else(no_such_path)?;
        let mut directory = self.write();
        let place = directory.user_place(key)?;
        directory.step(place, step, now)?;
        if step == Step::Activate && asked.get("sendEmail") == Some("false") {
            let token: String = std::iter::repeat_with(fastrand::alphanumeric).take(20).collect();
            let url = format!("{}/tokens/{token}/verify", asked.origin());
            return ok(&json!({"activationUrl": url, "activationToken": token}));
        }
        ok(&json!({}))
    }
}
