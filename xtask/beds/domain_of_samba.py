"""Makes a domain of Samba: domain_of_samba.py FOLDER ADMIN-PASSWORD PASSWORD.

It is for LDAP only, and nothing of it is outside the folder. PASSWORD is that of svc-provost,
who may manage what is in OU=People, OU=Leavers and OU=Groups, and nothing else.
"""

import pathlib
import subprocess
import sys

FOLDER, ADMIN_PASSWORD, PASSWORD = sys.argv[1:]
BASE = "DC=corp,DC=example,DC=test"

# Of the schema, and an extended right (MS-ADTS 5.1.3.2.1).
USER = "bf967aba-0de6-11d0-a285-00aa003049e2"
GROUP = "bf967a9c-0de6-11d0-a285-00aa003049e2"
RESET_PASSWORD = "00299570-246d-11d0-a768-00aa006e0529"
UNITS = {"People": USER, "Leavers": USER, "Groups": GROUP}


def rights(kind, sid):
    """To have such objects in a unit, to read and write them, and to set their passwords."""
    yield f"(OA;CI;CCDC;{kind};;{sid})"
    yield f"(OA;CIIO;LCRPWPRCSD;;{kind};{sid})"
    yield f"(OA;CIIO;CR;{RESET_PASSWORD};{kind};{sid})"


def provision():
    folder = pathlib.Path(FOLDER)
    folder.mkdir()
    # Without it, that of the system would be read.
    nothing = folder / "nothing.conf"
    nothing.write_text("")
    command = ["samba-tool", "domain", "provision", f"--configfile={nothing}", f"--targetdir={folder}"]
    names = ["--realm=CORP.EXAMPLE.TEST", "--domain=CORP", "--host-name=DC1", "--host-ip=127.0.0.88"]
    parts = ["--server-role=dc", "--dns-backend=NONE", "--option=server services=ldap, cldap"]
    parts += ["--option=interfaces=127.0.0.88/8", "--option=bind interfaces only=yes"]
    subprocess.run([*command, *names, *parts, f"--adminpass={ADMIN_PASSWORD}"], check=True)


def fill():
    from samba.auth import system_session
    from samba.param import LoadParm
    from samba.samdb import SamDB
    from samba.sd_utils import SDUtils

    settings = LoadParm()
    settings.load(f"{FOLDER}/etc/smb.conf")
    domain = SamDB(f"{FOLDER}/private/sam.ldb", session_info=system_session(), lp=settings)
    domain.newuser("svc-provost", PASSWORD)
    # The domain is kept for longer than a password is good.
    for name in ["svc-provost", "Administrator"]:
        domain.setexpiry(f"(sAMAccountName={name})", 0, no_expiry_req=True)
    descriptors = SDUtils(domain)
    sid = descriptors.get_object_sid(f"CN=svc-provost,CN=Users,{BASE}")
    for unit, kind in UNITS.items():
        domain.create_ou(f"OU={unit},{BASE}")
        for right in rights(kind, sid):
            descriptors.dacl_add_ace(f"OU={unit},{BASE}", right)
    domain.newgroup("Terminated", groupou="OU=Groups")


provision()
fill()
