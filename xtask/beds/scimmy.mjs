// A SCIM server made of the packages scimmy and scimmy-routers. Its people and groups are
// in memory. It listens on PORT and wants TOKEN.
import { randomUUID } from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const { PORT, TOKEN } = process.env;

const fault = (status, type, text) => new SCIMMY.Types.Error(status, type, text);

// What a kind of resource does. `name` is the attribute that no two have in common.
function keeping(name) {
  const kept = new Map();
  const known = ({ id }) => kept.get(id) ?? fail(fault(404, null, `nothing has the id ${id}`));
  const key = (one) => String(one[name]).toLowerCase();
  return {
    egress: (asked) => {
      const all = [...kept.values()];
      return asked.id ? known(asked) : (asked.filter?.match(all) ?? all);
    },
    degress: (asked) => void kept.delete(known(asked).id),
    ingress: (asked, data) => {
      const before = asked.id && known(asked);
      const id = before?.id ?? randomUUID();
      if ([...kept.values()].some((other) => other.id !== id && key(other) === key(data)))
        fail(fault(409, "uniqueness", `this ${name} is taken`));
      const lastModified = new Date().toISOString();
      const meta = { created: before?.meta.created ?? lastModified, lastModified };
      // A copy: what comes in is looked at no further, and may change.
      const after = { ...JSON.parse(JSON.stringify(data)), id, meta };
      kept.set(id, after);
      return after;
    },
  };
}

function fail(error) {
  throw error;
}

SCIMMY.Resources.declare(SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser), keeping("userName"));
SCIMMY.Resources.declare(SCIMMY.Resources.Group, keeping("displayName"));

const handler = (request) => {
  if (request.get("authorization") !== `Bearer ${TOKEN}`) throw new Error("the token is wrong");
  return "tests";
};

express()
  .use("/scim/v2", new SCIMMYRouters({ type: "bearer", handler }))
  .listen(Number(PORT), "127.0.0.1");
