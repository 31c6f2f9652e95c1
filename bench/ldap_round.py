"""What bench/ldap.sh measures Provost against: the same operations by Python's ldap3, one after
the other over one connection. Before each operation the person is looked for, as Provost does,
but for plain creates, which are plain adds."""

import os
import sys

from ldap3 import ALL_ATTRIBUTES, ALL_OPERATIONAL_ATTRIBUTES, MODIFY_REPLACE, Connection, Server

PEOPLE = os.environ["PEOPLE"]
what, count = sys.argv[1], int(sys.argv[2])
connection = Connection(Server(os.environ["URL"]), os.environ["LOGIN"], os.environ["BENCH_PASSWORD"], auto_bind=True)


def find(number):
    connection.search("dc=example,dc=test", f"(&(objectClass=inetOrgPerson)(uid=p{number}))",
                      attributes=[ALL_ATTRIBUTES, ALL_OPERATIONAL_ATTRIBUTES])
    return connection.entries[0].entry_dn if connection.entries else None


def create(number):
    entry = {"uid": f"p{number}", "cn": "Ann Example", "sn": "Example", "givenName": "Ann",
             "mail": f"p{number}@example.test", "employeeNumber": str(number), "title": "Engineer"}
    assert connection.add(f"uid=p{number},{PEOPLE}", "inetOrgPerson", entry), connection.result


def modify(number, attribute, value):
    assert connection.modify(find(number), {attribute: [(MODIFY_REPLACE, [value])]}), connection.result


numbers = range(1, count + 1)
if what == "create":
    for number in numbers:
        create(number)
else:
    for number in numbers:
        assert find(number) is None
        create(number)
    for number in numbers:
        assert find(number)
    for number in numbers:
        modify(number, "title", "Manager")
    for number in numbers:
        modify(number, "pwdAccountLockedTime", "000001010000Z")
