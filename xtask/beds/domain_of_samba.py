"""Makes a domain of Samba: domain_of_samba.py FOLDER ADMIN-PASSWORD PASSWORD.

It is for LDAP only, and nothing of it is outside the folder. PASSWORD is that of svc-provost,
who may manage what is in OU=People, OU=Leavers and OU=Groups, and nothing else.
"""

import pathlib
import subprocess
import sys

FOLDER, ADMIN_PASSWORD, PASSWORD = sys.argv[1:]
BASE = "DC=corp,DC=example,DC=test"


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

    settings = LoadParm()
    settings.load(f"{FOLDER}/etc/smb.conf")
    domain = SamDB(f"{FOLDER}/private/sam.ldb", session_info=system_session(), lp=settings)
    for unit in ["People", "Leavers", "Groups"]:
        domain.create_ou(f"OU={unit},{BASE}")
    domain.newgroup("Terminated", groupou="OU=Groups")
    domain.newuser("svc-provost", PASSWORD)
    domain.setexpiry("(sAMAccountName=svc-provost)", 0, no_expiry_req=True)


provision()
fill()
