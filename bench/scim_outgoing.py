"""What scim-outgoing.yaml says, as a script that somebody would write by hand."""

import sys

EXTENSION = {
    "employeeNumber": "employeenumber",
    "department": "department",
    "division": "division",
    "costCenter": "costcentercode",
    "countryCode": "countrycodenumber",
    "managerflag": "peoplemanagerflag",
}
PLAIN = {
    "externalId": "employeeid",
    "title": "title",
    "userName": "username",
    "displayName": "displayname",
    "userType": "employeetype",
}
NAME = {"givenName": "givenname", "familyName": "surname"}


def pick(profile, members):
    return {to: profile[of] for to, of in members.items() if profile.get(of) is not None}


def scim(profile):
    user = pick(profile, PLAIN)
    if profile.get("email") is not None:
        user["emails"] = [{"primary": True, "type": "work", "value": profile["email"]}]
    if profile.get("mobilephone") is not None:
        user["phoneNumbers"] = [{"type": "work", "value": profile["mobilephone"]}]
    for target, members in (("name", NAME), ("urn:scim:schemas:extension:enterprise:1.0", EXTENSION)):
        found = pick(profile, members)
        if found:
            user[target] = found
    return user


def main():
    module, file = sys.argv[1:]
    write = sys.stdout.buffer.write
    if module == "orjson":
        from orjson import dumps, loads
    else:
        from json import JSONEncoder, loads

        encoder = JSONEncoder(ensure_ascii=False, separators=(",", ":"))

        def dumps(value):
            return encoder.encode(value).encode()

    with open(file, "rb") as lines:
        for line in lines:
            write(dumps(scim(loads(line))) + b"\n")


main()
