"""What scim2-tester says about the lab's SCIM server."""

import os
from collections import Counter

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import check_server

headers = {"Authorization": "Bearer " + os.environ["PASSWORD"]}
client = SyncSCIMClient(Client(base_url=os.environ["URL"] + "/scim/v2", headers=headers))
results = check_server(client)
wrong = [result for result in results if result.status.name not in ("SUCCESS", "ACCEPTABLE", "SKIPPED")]
for result in wrong:
    print(result.status.name, result.title, result.reason)
counts = Counter(result.status.name for result in results)
print(dict(counts))
assert not wrong and counts["SUCCESS"] > 100, counts
