"""ServiceNow's own client reads and writes the lab's ServiceNow. It wants `https`, so that it is
given the address in its place afterwards."""

import os

from pysnc import ServiceNowClient

url = os.environ["URL"]
client = ServiceNowClient(url.replace("http:", "https:"), ("admin", os.environ["PASSWORD"]))
client._ServiceNowClient__instance = url


def is_equal(what, seen, wanted):
    assert seen == wanted, f"{what}: {seen!r} instead of {wanted!r}"


def users(**options):
    return client.GlideRecord("sys_user", **options)


new = users()
new.initialize()
new.user_name, new.email, new.active = "ann", "ann@example.com", True
key = new.insert()

one = users()
assert one.get("user_name", "ann"), "who was inserted is not found"
is_equal("key", one.get_value("sys_id"), key)
is_equal("text boolean", one.get_value("active"), "true")
is_equal("display value", one.get_display_value("active"), "true")
one.title = "Engineer"
is_equal("updated key", one.update(), key)

again = users()
assert again.get(key), "the key finds nobody"
is_equal("title", again.get_value("title"), "Engineer")

pages = users(batch_size=7)
pages.add_query("active", "true")
pages.order_by("user_name")
pages.query()
names = [str(row.get_value("user_name")) for row in pages]
is_equal("rows on pages", len(names), pages.get_row_count())
assert len(names) > 7 and names == sorted(names), f"order: {names}"

some = users()
some.add_query("user_name", "STARTSWITH", "an")
some.query()
is_equal("search", [str(row.get_value("user_name")) for row in some], ["ann"])

group = client.GlideRecord("sys_user_group")
group.initialize()
group.name = "Sales"
group_key = group.insert()
member = client.GlideRecord("sys_user_grmember")
member.initialize()
member.group, member.user = group_key, key
member.insert()
members = client.GlideRecord("sys_user_grmember")
members.add_query("group", group_key)
members.query()
is_equal("reference", [row.get_value("user") for row in members], [key])

assert again.delete(), "it is not deleted"
assert not users().get(key), "it is there after it was deleted"
print("all is right")
