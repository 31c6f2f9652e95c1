// Loaded before a program that would listen on every address: it listens on loopback.
const { Server } = require("node:net");

const { listen } = Server.prototype;

Server.prototype.listen = function (...words) {
  const done = words.findLast((word) => typeof word === "function");
  const [first] = words;
  const wanted = first !== null && typeof first === "object" ? first : { port: Number(first) };
  return listen.call(this, { ...wanted, host: "127.0.0.1" }, done);
};
