// An identity provider made of the package oidc-provider. It listens on PORT. Its people are
// who they say they are, and the groups of each are the words of the name after dashes.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const { PORT, TOKEN } = process.env;

const key = (kid, type, options) => ({
  ...generateKeyPairSync(type, options).privateKey.export({ format: "jwk" }),
  kid,
  use: "sig",
});
const client = (name, more) => ({
  client_id: name,
  client_secret: TOKEN,
  id_token_signed_response_alg: name,
  redirect_uris: ["http://127.0.0.1:1/login/oidc/callback"],
  ...more,
});
const provider = new Provider(`http://127.0.0.1:${PORT}`, {
  jwks: {
    keys: [
      key("rsa", "rsa", { modulusLength: 2048 }),
      key("p256", "ec", { namedCurve: "P-256" }),
      key("p384", "ec", { namedCurve: "P-384" }),
    ],
  },
  enabledJWA: { idTokenSigningAlgValues: ["RS256", "PS256", "ES256", "ES384"] },
  clients: [
    client("RS256"),
    client("PS256", { token_endpoint_auth_method: "client_secret_post" }),
    client("ES256", { token_endpoint_auth_method: "none", client_secret: undefined }),
    client("ES384"),
  ],
  claims: { openid: ["sub"], email: ["email"], groups: ["groups"] },
  scopes: ["openid", "email", "groups"],
  conformIdTokenClaims: false,
  cookies: { keys: [TOKEN] },
  findAccount: (_, sub) => ({
    accountId: sub,
    claims: () => ({ sub, email: `${sub}@example.com`, groups: sub.split("-").slice(1) }),
  }),
});
createServer(provider.callback()).listen(Number(PORT), "127.0.0.1");
