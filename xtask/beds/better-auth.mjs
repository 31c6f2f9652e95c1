// The SCIM plugin of the package better-auth. Its people are in memory. It listens on PORT
// and wants TOKEN.
import { createServer } from "node:http";
import { scim } from "@better-auth/scim";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { getAuthTables } from "better-auth/db";
import { toNodeHandler } from "better-auth/node";

const { PORT, TOKEN } = process.env;

// The adapter wants its tables to be there, by both of their names.
const tables = {};
const credentials = [{ type: "bearer", id: "tests", token: TOKEN }];
const auth = betterAuth({
  baseURL: `http://127.0.0.1:${PORT}`,
  // It signs nothing that anybody sees.
  secret: "a secret for tests that is long enough",
  telemetry: { enabled: false },
  database: memoryAdapter(tables),
  plugins: [scim({ connections: [{ id: "tests", credentials }] })],
});
for (const [name, { modelName }] of Object.entries(getAuthTables(auth.options))) {
  tables[name] = [];
  tables[modelName] = [];
}

createServer(toNodeHandler(auth)).listen(Number(PORT), "127.0.0.1");
