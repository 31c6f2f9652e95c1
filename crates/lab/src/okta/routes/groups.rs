//! `/groups`: groups and who is in them.

use axum::http::StatusCode;
use jiff::Timestamp;

use super::{Answered, Okta, api, body, no_such_method, no_such_path, ok};
use crate::okta::page::Page;
use crate::okta::search;
use crate::serve::{Asked, reply};

impl Okta {
    pub(super) fn groups(&self, asked: &Asked, rest: &[&str], now: Timestamp) -> Answered {
        match (asked.method.as_str(), rest) {
            ("GET", []) => self.list_groups(asked),
            ("POST", []) => self.write_group(asked, None, now),
            ("GET", [id]) => ok(&self.read().group(id)?.to_json(&api(asked))),
            ("PUT", [id]) => self.write_group(asked, Some(id), now),
            ("DELETE", [id]) => {
                let mut directory = self.write();
                let place = directory.group_place(id)?;
                directory.delete_group(place, now);
                Ok(reply::nothing(StatusCode::NO_CONTENT))
            }
            ("GET", [id, "users"]) => {
                let page = Page::of(asked, 1000, 1000)?;
                let directory = self.read();
                let members = directory.members(directory.group_place(id)?, page.after);
                Ok(page.answer(asked, members, |user| user.to_json(&api(asked))))
            }
            ("PUT" | "DELETE", [id, "users", key]) => {
                let mut directory = self.write();
                let (group, user) = (directory.group_place(id)?, directory.user_place(key)?);
                match asked.method.as_str() {
                    "PUT" => directory.add_member(group, user, now),
                    _ => directory.remove_member(group, user, now),
                }
                Ok(reply::nothing(StatusCode::NO_CONTENT))
            }
            (_, [] | [_] | [_, "users"] | [_, "users", _]) => Err(no_such_method()),
            _ => Err(no_such_path()),
        }
    }

    fn list_groups(&self, asked: &Asked) -> Answered {
        let text = asked.get("search").or_else(|| asked.get("filter"));
        let filter = text.map(|text| search::parse(text, search::GROUPS)).transpose()?;
        let start = asked.get("q").map(str::to_lowercase);
        let page = Page::of(asked, 10_000, 10_000)?;
        let directory = self.read();
        let groups = directory.groups.after(page.after).filter(|(_, group)| {
            filter.as_ref().is_none_or(|filter| search::finds_group(filter, group))
                && start.as_ref().is_none_or(|start| group.name.to_lowercase().starts_with(start))
        });
        Ok(page.answer(asked, groups, |group| group.to_json(&api(asked))))
    }

    fn write_group(&self, asked: &Asked, id: Option<&str>, now: Timestamp) -> Answered {
        let body = body(asked)?;
        let mut directory = self.write();
        let own = id.map(|id| directory.group_place(id)).transpose()?;
        let place = directory.write_group(own, &body, now)?;
        ok(&directory.groups.get(place).map(|group| group.to_json(&api(asked))).unwrap_or_default())
    }
}
