// Dates whose clock stands still and whose only zone is UTC.
(function (now) {
  "use strict";
  const hidden = (object, name, value) =>
    Object.defineProperty(object, name, { value, writable: true, configurable: true });

  const Real = Date;
  const { UTC, parse: readDate } = Real;
  const days = Real.prototype;
  const utcText = days.toUTCString;
  const zone = /:\d\d[\d.]*\s*(z|[a-z]{1,5}|(utc|gmt)?\s*[+-]\d\d:?\d*)\s*(\(.*\))?$/i;

  // A text without a zone is UTC here, not local time.
  const moment = (text) => {
    if (zone.test(text)) return readDate(text);
    const readings = [readDate(text + "Z"), readDate(text + " UTC"), readDate(text)];
    return readings.find((reading) => !isNaN(reading)) ?? NaN;
  };
  const given = (parts) => {
    if (parts.length === 0) return now;
    if (parts.length > 1) return UTC(...parts);
    return typeof parts[0] === "string" ? moment(parts[0]) : parts[0];
  };
  const Clock = function Date(...parts) {
    if (!new.target) return new Real(now).toString();
    return Reflect.construct(Real, [given(parts)], new.target);
  };
  Clock.prototype = days;
  hidden(Clock, "now", () => now);
  hidden(Clock, "UTC", UTC);
  hidden(Clock, "parse", (text) => moment(String(text)));
  hidden(days, "constructor", Clock);
  hidden(globalThis, "Date", Clock);

  for (const part of ["FullYear", "Month", "Date", "Day", "Hours", "Minutes", "Seconds", "Milliseconds"]) {
    hidden(days, "get" + part, days["getUTC" + part]);
    if (part !== "Day") hidden(days, "set" + part, days["setUTC" + part]);
  }
  const texts = {
    toDateString: (weekday, day, month, year) => `${weekday} ${month} ${day} ${year}`,
    toTimeString: (weekday, day, month, year, time) => `${time} GMT+0000`,
    toString: (weekday, day, month, year, time) => `${weekday} ${month} ${day} ${year} ${time} GMT+0000`,
    toLocaleDateString: (weekday, day, month, year) => `${month} ${day}, ${year}`,
    toLocaleTimeString: (weekday, day, month, year, time) => time,
    toLocaleString: (weekday, day, month, year, time) => `${month} ${day}, ${year}, ${time}`,
  };
  for (const [name, text] of Object.entries(texts)) {
    hidden(days, name, function () {
      return isNaN(this) ? "Invalid Date" : text(...utcText.call(this).split(/[ ,]+/));
    });
  }
  hidden(days, "getTimezoneOffset", () => 0);
  hidden(days, "getYear", function () { return this.getUTCFullYear() - 1900; });
  delete days.setYear;
})
