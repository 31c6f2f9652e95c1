// The world of a DT body: random numbers that begin at a seed, and no jobs. Its value is a
// function that calls a body on a row of values.
(function (seed) {
  "use strict";
  const { parse, stringify } = JSON;
  let state = seed || 1;
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
  Object.defineProperty(Math, "random", { value: random });
  delete globalThis.queueMicrotask;
  return (body, row, select) => {
    const result = body(...parse(row));
    return select ? String(Boolean(result)) : stringify(result);
  };
})
